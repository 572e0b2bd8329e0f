"""Front-end files of others: unchanged, listed, licensed; the icon sprite holds what the templates use."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(vendor: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The vendored files in a folder of their own, where they may be spoiled."""
    for folder in (*vendor.FOLDERS, "static/img"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", tmp_path / "static/vendor/MANIFEST.json")
    yield tmp_path


def test_the_copied_files_are_those_of_the_manifest(vendor: ModuleType) -> None:
    assert vendor.check() == []


def test_a_changed_a_missing_and_an_unlisted_file_are_each_named(vendor: ModuleType, copy: Path) -> None:
    (copy / "static/vendor/htmx/htmx.min.js").write_text("alert(1)")
    (copy / "static/img/icons.svg").unlink()
    (copy / "static/vendor/stray.js").write_text("")
    assert vendor.check() == [
        "static/img/icons.svg is missing",
        "static/vendor/htmx/htmx.min.js differs from htmx.org 2.0.11",
        "static/vendor/stray.js is not in the manifest",
    ]


def test_versions_are_exact_and_equal_in_package_json_lock_and_manifest(vendor: ModuleType) -> None:
    package = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    copied = {entry["package"]: entry["version"] for entry in json.loads(vendor.MANIFEST.read_text()).values()}
    assert package["dependencies"] | package["devDependencies"] == copied
    assert {name: locked[f"node_modules/{name}"]["version"] for name in copied} == copied


def test_every_icon_that_a_template_names_is_in_the_sprite(vendor: ModuleType) -> None:
    sprite = (ROOT / vendor.SPRITE).read_text()
    named = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", file.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if f'<symbol id="{name}"' not in sprite] == []
    assert tuple(re.findall(r'<symbol id="([^"]+)"', sprite)) == vendor.ICONS
