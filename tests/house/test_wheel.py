"""The wheel holds the whole house: from any folder it finds its templates, styles, settings and migrations."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.paths import PACKAGE

UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
Run = Callable[..., str]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked elsewhere."""
    assert UV, "uv is missing: tools/setup.sh installs it"
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [UV, "build", "--quiet", "--wheel", "--out-dir", folder, PACKAGE.parent],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "installed")
    return folder / "installed"


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Run Python lines with the unpacked wheel, from a folder that has nothing to do with the house."""

    def in_another_folder(code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return in_another_folder


def test_the_command_runs_and_prepares_a_database(run: Run, tmp_path: Path) -> None:
    main = "from tracker.cli import main; main()"
    assert "Đôn Đốc" in run(main, "--help")
    assert "đã sẵn sàng" in run(main, "db", "upgrade")
    assert (tmp_path / "var" / "tracker.db").is_file()


def test_the_application_finds_its_pages_styles_and_settings(run: Run, installed: Path) -> None:
    said = run(
        "import tracker; from tracker.wsgi import app; client = app.test_client()\n"
        "print(tracker.__file__)\n"
        "print(client.get('/sign-in').status_code, client.get('/static/css/app.css').status_code)"
    )
    assert said.split() == [str(installed / "tracker" / "__init__.py"), "200", "200"]


def test_nothing_of_the_tests_is_shipped(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} == {"tracker"}
    shipped = {path.name for path in (installed / "tracker" / "_data").iterdir()}
    assert shipped == {"config", "static", "templates"}
