"""A directive from a file by the terminal: the same reading and checks, one directive or nothing."""

from __future__ import annotations

import openpyxl
import pytest
import time_machine
from files_to_read import HEADER, a_message
from files_to_read import a_workbook as a_list
from importing_files import ROWS, a_workbook
from places import NOW, Place

from tracker.accounts.models import Person
from tracker.app import gather_commands
from tracker.cli import commands
from tracker.db import db, forget
from tracker.directives.models import Directive, ImportDraft
from tracker.errors import Invalid, NotFound, TrackerError
from tracker.evidence.queries import files_of_directive
from tracker.tasks.models import Assignment, Task


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


@pytest.fixture
def run(app, place, tmp_path):
    """Type «tracker directives import» for a file of these rows."""
    gather_commands(commands)

    def typed(*options, rows=ROWS, by=place.issuer, message=b"", **more):
        file = tmp_path / ("goi-tin.edxml" if message else "Phu luc.xlsx")
        file.write_bytes(message or a_workbook(rows, **more).getvalue())
        username = db.session.get(Person, by.person_id).username
        words = ["directives", "import", str(file), "--by", username, *options]
        forget()
        commands(words, obj=app, standalone_mode=False)

    return typed


PAPER = ("--symbol", "12/KH-UBND", "--issued", "2026-03-10", "--abstract", "Kế hoạch", "--type", "plan")


def test_a_file_becomes_a_directive_with_its_assignments(run, capsys):
    run(*PAPER)
    assert "Đã ghi văn bản 12/KH-UBND với 3 nhiệm vụ." in capsys.readouterr().out
    directive = db.session.query(Directive).one()
    assert directive.doc_type == "plan"
    assert [file.name for file in files_of_directive(directive.id)] == ["Phu luc.xlsx"]
    assert (db.session.query(Task).count(), db.session.query(Assignment).count()) == (3, 4)


@pytest.mark.parametrize(("communes", "given"), [("all", 6), ("later", 0), ("C1", 3), ("C1,C2", 6)])
def test_the_terminal_says_who_gets_the_tasks(run, communes, given):
    run(*PAPER, "--communes", communes)
    assert db.session.query(Assignment).count() == given


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("1", "Việc", "Phòng Không Có", "", "30/6/2026", ""), "Phòng Không Có"),
        (("1", "Việc", "Xã An Bình", "", "khoảng giữa tháng 6", ""), "cần xác nhận"),
        (("1", "", "Xã An Bình", "", "30/6/2026", "Báo cáo"), "nội dung"),
    ],
)
def test_one_wrong_row_and_nothing_is_saved(run, row, words):
    with pytest.raises(Invalid) as wrong:
        run(*PAPER, rows=(*ROWS, row))
    assert words in str(wrong.value) + str(wrong.value.fields)
    assert db.session.query(Directive).count() == db.session.query(ImportDraft).count() == 0


def test_who_may_not_give_work_imports_nothing(run, place):
    with pytest.raises(NotFound):
        run(*PAPER, by=place.leader)


def test_a_paper_that_lacks_its_fields_is_refused(run):
    with pytest.raises(TrackerError) as wrong:
        run(title="")
    assert "doc_symbol" in wrong.value.fields


def test_a_message_becomes_a_directive_with_its_files(run):
    rows = [HEADER, ["1", "Rà soát dịch vụ công", "Xã An Bình", "", "30/6/2026", ""]]
    run(message=a_message({"Phụ lục.xlsx": a_list(rows)}, day="2026/03/10", due="2026/03/30"))
    directive = db.session.query(Directive).one()
    assert directive.doc_symbol == "5426/UBND-KGVX" and db.session.query(Assignment).count() == 1
    assert [file.name for file in files_of_directive(directive.id)] == ["goi-tin.edxml", "Phụ lục.xlsx"]


def test_wrong_rows_come_back_as_a_file_that_says_why(run, tmp_path):
    wrong = ("7", "Việc", "Phòng Không Có", "", "khoảng giữa tháng 6", "")
    back = tmp_path / "sua.xlsx"
    with pytest.raises(Invalid):
        run(*PAPER, "--bad-rows", str(back), rows=(*ROWS, wrong))
    heads, row = openpyxl.load_workbook(back).active.iter_rows(values_only=True)
    assert (heads[1], heads[-1], row[0], row[2]) == ("Nội dung nhiệm vụ", "Lý do", "7", "Phòng Không Có")
    assert "Không có trong danh mục đơn vị" in row[-1] and "xác nhận" in row[-1]
    assert db.session.query(ImportDraft).count() == 0
