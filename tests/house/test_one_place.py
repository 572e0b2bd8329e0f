"""What has one place stays there: committing, reading the clock, styles, and no path of anybody's machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.paths import PACKAGE

ROOT = PACKAGE.parent
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "func.now", "func.current_timestamp"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
MACHINE = re.compile(r"(?<![\w./~-])/(?:work|tmp|root|home|Users|mnt|var/folders)/\w|[A-Z]:\\\\?Users")
INLINE = re.compile(r"\sstyle=|<style|\son(?:click|change|submit|load|input|key\w+)=|javascript:")


def calls(source: str) -> Iterator[str]:
    """The last two words of every call: `session.commit`, `datetime.now`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield f"{name}.{node.func.attr}"


def commits(source: str) -> bool:
    """Whether it ends a transaction by itself."""
    return any(name.endswith(".commit") for name in calls(source))


def reads_clock(source: str) -> bool:
    """Whether it looks at a clock of its own, the machine's or the database's."""
    return any(name in CLOCKS for name in calls(source))


def files_of_the_house() -> dict[str, str]:
    """Every file of the package by its path inside it; migrations run by Alembic's own transaction."""
    found = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    return {name: source for name, source in found.items() if not name.startswith("migrations/")}


def test_only_db_commits() -> None:
    assert [name for name, source in files_of_the_house().items() if commits(source)] == ["db.py"]


def test_only_the_clock_reads_the_clock() -> None:
    assert [name for name, source in files_of_the_house().items() if reads_clock(source)] == ["clock.py"]


def test_pages_carry_no_style_and_no_script_of_their_own() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "messages" not in path.parts]
    assert [path.name for path in pages if INLINE.search(path.read_text("utf-8"))] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    texts = [ROOT / name for name in listed.stdout.splitlines() if Path(name).suffix not in {".lock", ".js", ".ttf"}]
    found = [path.relative_to(ROOT).as_posix() for path in texts if path.is_file() and MACHINE.search(readable(path))]
    assert found == []


def readable(path: Path) -> str:
    """Its text; what is no text has nothing to read."""
    return path.read_bytes().decode("utf-8", errors="ignore")


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (commits, "db.session.commit()"),
        (commits, "def f(connection):\n connection.commit()"),
        (reads_clock, "datetime.now(UTC)"),
        (reads_clock, "dt.date.today()"),
        (reads_clock, "sa.func.now()"),
        (INLINE.search, '<p style="color:red">'),
        (INLINE.search, '<a onclick="x()">'),
        (MACHINE.search, "see /" + "home/an/notes"),
        (MACHINE.search, "'/" + "tmp/x'"),
    ],
)
def test_a_planted_offence_is_seen(check, source: str) -> None:
    assert check(source)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (reads_clock, "clock.now()"),
        (commits, "with atomic():\n pass"),
        (MACHINE.search, "GET /work, /tasks/work/7 and https://example.vn/home/x"),
        (INLINE.search, '<p class="style">'),
    ],
)
def test_what_is_right_is_left_alone(check, text: str) -> None:
    assert not check(text)
