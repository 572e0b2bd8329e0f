"""Tables of a PDF with a text layer, over pages and with cells that the width of a column wrapped."""

from __future__ import annotations

from datetime import date

from files_to_read import a_pdf, read

PLAIN_HEADER = ["TT", "Noi dung nhiem vu", "Don vi chu tri", "Phoi hop", "Thoi han"]


def test_a_table_is_read_and_wrapped_cells_are_one_line() -> None:
    said = read(a_pdf([PLAIN_HEADER, ["1", "Xay dung ke hoach\nnam 2026", "So Noi\nvu", "", "30/6/2026"]])).tasks
    assert [(task.content, task.leads, task.due) for task in said] == [
        ("Xay dung ke hoach nam 2026", ("So Noi vu",), date(2026, 6, 30))
    ]
    assert said[0].source.place == "Trang 1, bảng 1"


def test_a_table_goes_on_over_pages_with_and_without_its_header() -> None:
    row = ["Viec", "So Y te", "", "30/6/2026"]
    said = read(a_pdf([PLAIN_HEADER, ["1", *row]], [PLAIN_HEADER, ["2", *row]], [["3", *row]])).tasks
    assert [task.ordinal for task in said] == ["1", "2", "3"]
    assert [task.source.place for task in said] == ["Trang 1, bảng 1", "Trang 2, bảng 2", "Trang 3, bảng 3"]
    assert said[2].source.rows == (1,)


def test_a_row_that_a_page_broke_is_one_task() -> None:
    first = [PLAIN_HEADER, ["1", "Trinh Bo Tai chinh va Bo", "So Tai", "", "30/6/2026"]]
    said = read(a_pdf(first, [["", "Cong Thuong", "chinh", "", ""], ["2", "Viec", "So Y te", "", "1/7/2026"]])).tasks
    assert [(task.ordinal, task.content) for task in said] == [
        ("1", "Trinh Bo Tai chinh va Bo Cong Thuong"),
        ("2", "Viec"),
    ]
    assert said[0].leads == ("So Tai chinh",)


def test_numbers_and_years_that_a_column_broke_are_whole_again() -> None:
    said = read(a_pdf([PLAIN_HEADER, ["1", "Theo 57-\nNQ/TW", "So Y te", "", "30/06/20\n26"]])).tasks
    assert (said[0].content, said[0].due) == ("Theo 57-NQ/TW", date(2026, 6, 30))


def test_lines_above_the_table_tell_of_the_paper() -> None:
    said = read(a_pdf([PLAIN_HEADER, ["1", "Viec", "So Y te", "", ""]], title="So: 12/KH-UBND"))
    assert said.tasks[0].content == "Viec"


def test_a_text_without_a_table_says_so() -> None:
    assert "Không thấy bảng nhiệm vụ" in read(a_pdf([["Chi la mot doan van"]])).problems[-1]
