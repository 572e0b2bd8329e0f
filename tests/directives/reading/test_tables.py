"""Tables of tasks as offices write them: headers by meaning, merged cells, headings, rows that go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from docx import Document
from files_to_read import HEADER, Rows, a_document, a_workbook, an_open_document, number_itself, read, saved

from tracker.directives.reading.letterhead import paper_of
from tracker.directives.reading.results import ReadTask
from tracker.errors import Invalid

Maker = Callable[..., bytes]
BOTH = pytest.mark.parametrize("make", [a_workbook, a_document], ids=["xlsx", "docx"])


def one(rows: Rows) -> ReadTask:
    """The only task of a workbook."""
    (task,) = read(a_workbook(rows)).tasks
    return task


def problems(task: ReadTask) -> str:
    """What is said about a task, as one text."""
    return " ".join(map(str, task.problems))


@BOTH
def test_a_row_gives_each_field_and_its_source_cells(make: Maker) -> None:
    (task,) = read(
        make([HEADER, ["1.", "Ban hành  kế hoạch", "Sở Nội vụ", "Sở Y tế; các sở", "30/6/2026", "QĐ"]])
    ).tasks
    assert task.as_json() == {
        "section": None,
        "ordinal": "1",
        "content": "Ban hành kế hoạch",
        "lead": "Sở Nội vụ",
        "coordinating": ["Sở Y tế", "các sở"],
        "deadline_text": "30/6/2026",
        "kind": "date",
        "due": "2026-06-30",
        "rrule": None,
        "sure": True,
        "output": "QĐ",
        "note": None,
        "problems": [],
    }
    assert task.source.rows == (2,)
    assert task.source.cell("content") == "Ban hành  kế hoạch"
    assert task.source.cells["Sản phẩm"] == "QĐ"


HEADERS = {
    "marks missing": ["stt", "noi dung cong viec", "don vi chu tri", "don vi phoi hop", "thoi han", "ket qua"],
    "in capitals": ["TT", "TÊN NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "CƠ QUAN PHỐI HỢP", "THỜI GIAN HOÀN THÀNH", "KẾT QUẢ"],
    "of an upward list": [
        "STT",
        "Nội dung đề xuất, kiến nghị",
        "Cơ quan chủ trì xử lý đề xuất, kiến nghị",
        "Cơ quan phối hợp xử lý đề xuất, kiến nghị",
        "Thời hạn xử lý",
        "Sản phẩm/kết quả đầu ra mong muốn",
    ],
    "over two lines": [
        "Số\nTT",
        "Nhiệm vụ,\ngiải pháp",
        "Đơn vị\nchủ trì",
        "Đơn vị\nphối hợp",
        "Hạn\nhoàn thành",
        "Sản\nphẩm",
    ],
    "in other words": ["Mã NV", "Công việc", "Đơn vị được giao", "Tham gia", "Ngày kết thúc", "Sản phẩm đầu ra"],
    "of a plan": ["TT", "Nội dung", "Đơn vị thực hiện", "Đơn vị phối hợp", "Thời gian thực hiện", "Kết quả dự kiến"],
    "of a notice": ["STT", "Ý kiến chỉ đạo", "Giao cho", "Phối hợp", "Tiến độ", "Yêu cầu sản phẩm"],
}


@pytest.mark.parametrize("name", HEADERS)
@BOTH
def test_headers_are_known_by_meaning(make: Maker, name: str) -> None:
    (task,) = read(make([HEADERS[name], ["1", "Việc một", "Sở Nội vụ", "Sở Y tế", "30/6/2026", "Báo cáo"]])).tasks
    said = (task.ordinal, task.content, task.lead, task.coordinating, task.due, task.output)
    assert said == ("1", "Việc một", "Sở Nội vụ", ("Sở Y tế",), date(2026, 6, 30), "Báo cáo")


def test_leaders_sources_and_states_are_not_taken_for_the_lead_the_task_or_its_result() -> None:
    task = one(
        [
            [
                "TT",
                "Văn bản giao nhiệm vụ",
                "Nhiệm vụ",
                "Lãnh đạo phụ trách",
                "Đơn vị thực hiện",
                "Thời hạn",
                "Kết quả thực hiện",
            ],
            ["1", "CV 12/UBND-VX", "Rà soát quy hoạch", "Phó Chủ tịch", "Sở Xây dựng", "Quý III/2026", "Đang làm"],
        ]
    )
    assert (task.content, task.lead, task.output) == ("Rà soát quy hoạch", "Sở Xây dựng", None)
    assert task.more == {"leader": "Phó Chủ tịch", "source": "CV 12/UBND-VX", "status": "Đang làm"}


@BOTH
def test_a_header_of_two_rows_is_read_as_one(make: Maker) -> None:
    rows = [
        ["STT", "Nhiệm vụ", "Đơn vị thực hiện", "", "Thời gian", "", "Ghi chú"],
        ["", "", "Chủ trì", "Phối hợp", "Bắt đầu", "Hoàn thành", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        ["1", "Việc một", "Sở A", "Sở B", "01/6/2026", "30/6/2026", "gấp"],
    ]
    (task,) = read(make(rows)).tasks
    assert (task.lead, task.coordinating, task.due, task.note) == ("Sở A", ("Sở B",), date(2026, 6, 30), "gấp")
    assert task.more["start"] == "01/6/2026"


def test_a_header_of_two_rows_is_read_when_its_cells_are_merged() -> None:
    spans = [(0, 0, 1, 0, "STT"), (0, 1, 1, 1, "Nhiệm vụ"), (0, 2, 0, 3, "Cơ quan"), (0, 4, 1, 4, "Thời hạn")]
    rows = [[], ["", "", "Chủ trì", "Phối hợp", ""], ["1", "Việc một", "Sở A", "Sở B", "Tháng 9/2026"]]
    (task,) = read(a_workbook(rows, spans)).tasks
    assert (task.lead, task.coordinating, task.due) == ("Sở A", ("Sở B",), date(2026, 9, 30))


NESTED = [
    ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"],
    ["A", "NHIỆM VỤ CHUNG", "", ""],
    ["I", "Nhóm một", "", ""],
    ["1", "Lĩnh vực đất đai", "", ""],
    ["1.1", "Việc một", "Sở A", "6/2026"],
    ["1.2", "Việc hai", "Sở A", "7/2026"],
    ["2", "Lĩnh vực y tế", "", ""],
    ["2.1", "Việc ba", "Sở B", "8/2026"],
    ["II", "Nhóm hai", "", ""],
    ["1", "Việc bốn", "Sở B", "9/2026"],
    ["2", "Việc năm", "Sở B", ""],
    ["B", "NHIỆM VỤ RIÊNG", "", ""],
    ["1", "Việc sáu", "Sở C", "Thường xuyên"],
]


@BOTH
def test_headings_stand_in_each_other_by_their_numbers(make: Maker) -> None:
    assert [(task.ordinal, task.section) for task in read(make(NESTED)).tasks] == [
        ("1.1", "A NHIỆM VỤ CHUNG / I Nhóm một / 1 Lĩnh vực đất đai"),
        ("1.2", "A NHIỆM VỤ CHUNG / I Nhóm một / 1 Lĩnh vực đất đai"),
        ("2.1", "A NHIỆM VỤ CHUNG / I Nhóm một / 2 Lĩnh vực y tế"),
        ("1", "A NHIỆM VỤ CHUNG / II Nhóm hai"),
        ("2", "A NHIỆM VỤ CHUNG / II Nhóm hai"),
        ("1", "B NHIỆM VỤ RIÊNG"),
    ]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        (["I.", "Nhóm việc về thể chế", "", "", "", ""], "I. Nhóm việc về thể chế"),
        (["", "NHÓM VIỆC VỀ THỂ CHẾ", "", "", "", ""], "NHÓM VIỆC VỀ THỂ CHẾ"),
        (["II. Nhóm việc về thể chế", "", "", "", "", ""], "II. Nhóm việc về thể chế"),
        (["", "B. Nhóm việc về thể chế", "", "", "", ""], "B. Nhóm việc về thể chế"),
        (["IV.", "Nhóm việc về thể chế", "", "", "năm tiếp theo", ""], "IV. Nhóm việc về thể chế"),
    ],
)
@BOTH
def test_a_heading_is_known_without_a_merged_cell(make: Maker, heading: list[str], section: str) -> None:
    task = ["5", "Việc năm", "Sở A", "", "30/6/2026", ""]
    (said,) = read(make([HEADER, heading, task])).tasks
    assert (said.ordinal, said.section) == ("5", section)


def test_a_heading_merged_over_the_table_is_known_in_word() -> None:
    rows = [HEADER, ["Buổi sáng tại hội trường", "", "", "", "", ""], ["1", "Việc một", "Sở A", "", "30/6/2026", ""]]
    (task,) = read(a_document(rows, spans=[(1, 0, 1, 5)])).tasks
    assert task.section == "Buổi sáng tại hội trường"


@BOTH
def test_a_row_that_a_page_broke_goes_on_with_the_one_above(make: Maker) -> None:
    rows = [
        HEADER,
        ["1", "Tuyên truyền, hướng dẫn người", "UBND xã", "Tổ công nghệ số, các đoàn", "Năm 2026", "Báo cáo"],
        ["", "dân tham gia", "", "thể", "", ""],
        ["2", "Việc hai", "Sở A", "", "30/6/2026", ""],
    ]
    first, second = read(make(rows)).tasks
    assert first.content == "Tuyên truyền, hướng dẫn người dân tham gia"
    assert first.coordinating == ("Tổ công nghệ số", "các đoàn thể")
    assert first.source.rows == (2, 3)
    assert second.content == "Việc hai"


def test_dashes_without_a_unit_belong_to_the_row_above_and_with_one_are_tasks() -> None:
    rows = [
        HEADER,
        ["1", "Tổ chức hội nghị", "Sở A", "", "30/6/2026", ""],
        ["", "- Chuẩn bị tài liệu", "", "", "", ""],
        ["", "- Đưa tin", "Báo và Đài", "", "1/7/2026", ""],
    ]
    first, second = read(a_workbook(rows)).tasks
    assert first.content == "Tổ chức hội nghị - Chuẩn bị tài liệu"
    assert (second.content, second.lead) == ("Đưa tin", "Báo và Đài")


def test_a_cell_merged_downwards_holds_for_its_rows_and_that_is_said() -> None:
    rows = [["TT", "Nội dung", "Chủ trì", "Thời hạn"], *([str(n), f"Việc {n}", "", ""] for n in range(1, 5))]
    spans = [(1, 2, 3, 2, "Sở Y tế"), (1, 3, 2, 3, "Quý III/2026")]
    for said in (read(a_workbook(rows, spans)).tasks, read(_merged_word(rows, spans)).tasks):
        assert [task.lead for task in said] == ["Sở Y tế", "Sở Y tế", "Sở Y tế", ""]
        assert [task.due for task in said] == [date(2026, 9, 30)] * 2 + [None] * 2
        assert problems(said[0]) == ""
        assert "Chủ trì: lấy từ ô gộp bắt đầu ở dòng 2" in problems(said[1])
        assert "chưa ghi đơn vị chủ trì" in problems(said[3])


def _merged_word(rows: Rows, spans: list[tuple[int, int, int, int, str]]) -> bytes:
    filled = [list(row) for row in rows]
    for top, left, _, _, text in spans:
        filled[top][left] = text
    return a_document(filled, spans=[span[:4] for span in spans])


def test_one_task_over_several_rows_is_one_for_each_row_with_work_of_its_own() -> None:
    rows = [
        ["TT", "Nội dung", "Chủ trì", "Sản phẩm", "Thời hạn"],
        ["", "", "Sở A", "Tờ trình", "6/2026"],
        ["", "", "Sở B", "Nghị quyết", "7/2026"],
        ["", "", "", "Báo cáo", ""],
    ]
    said = read(a_workbook(rows, [(1, 0, 3, 0, "1"), (1, 1, 3, 1, "Xây dựng nghị quyết")])).tasks
    assert [(task.content, task.lead, task.output) for task in said] == [
        ("Xây dựng nghị quyết", "Sở A", "Tờ trình"),
        ("Xây dựng nghị quyết", "Sở B", "Nghị quyết Báo cáo"),
    ]


@BOTH
def test_nothing_is_inherited_from_a_neighbour(make: Maker) -> None:
    first, second = read(
        make([HEADER, ["1", "Việc một", "Sở A", "", "30/6/2026", ""], ["2", "Việc hai", "", "", "", ""]])
    ).tasks
    assert (second.lead, second.deadline_text, second.due) == ("", "", None)
    assert "chưa ghi đơn vị chủ trì" in problems(second)
    assert "chưa ghi thời hạn" in problems(second)
    assert first.problems == ()


@pytest.mark.parametrize("ditto", ["Như trên", "nt", "-nt-", '"', "như trên."])
def test_as_above_takes_the_text_above_and_that_is_said(ditto: str) -> None:
    rows = [HEADER, ["1", "Việc một", "Sở A", "Sở B", "30/6/2026", ""], ["2", "Việc hai", ditto, ditto, ditto, ""]]
    task = read(a_workbook(rows)).tasks[1]
    assert (task.lead, task.coordinating, task.due) == ("Sở A", ("Sở B",), date(2026, 6, 30))
    assert not task.reading.sure
    assert "lấy theo dòng 2: Sở A" in problems(task)


def test_as_above_in_the_first_row_is_a_gap() -> None:
    assert "dòng trên không có nội dung" in problems(
        one([HEADER, ["1", "Việc một", "Như trên", "", "30/6/2026", ""]])
    )


def test_one_column_for_both_roles_is_told_apart() -> None:
    rows = [
        ["TT", "Nội dung", "Đơn vị chủ trì, phối hợp", "Thời hạn"],
        ["1", "Việc một", "- Chủ trì: Sở A\n- Phối hợp: Sở B, UBND các xã, phường", "30/6/2026"],
        ["2", "Việc hai", "Sở A chủ trì, phối hợp với Sở C", "30/6/2026"],
    ]
    said = read(a_workbook(rows)).tasks
    assert [(task.lead, task.coordinating) for task in said] == [
        ("Sở A", ("Sở B", "UBND các xã, phường")),
        ("Sở A", ("Sở C",)),
    ]


def test_a_deadline_in_a_heading_is_offered_unsure_and_said() -> None:
    rows = [HEADER, ["I", "Hoàn thành trong Quý III/2026", "", "", "", ""], ["1", "Việc một", "Sở A", "", "", ""]]
    task = one(rows)
    assert (task.due, task.reading.sure, task.due_from) == (date(2026, 9, 30), False, "heading")
    assert "tiêu đề" in problems(task)


def test_hours_take_their_day_from_the_heading_of_their_table() -> None:
    header, row = ["Thời gian", "Nội dung", "Người phụ trách"], ["7h00 - 7h15", "Khai mạc", "Ban tổ chức"]
    said = read(a_document("Lịch", "NGÀY 1: 24/8/2026", [header, row], "NGÀY 2: 25/8/2026", [header, row])).tasks
    assert [(task.section, task.due, task.reading.due_time) for task in said] == [
        ("NGÀY 1: 24/8/2026", date(2026, 8, 24), "07:15"),
        ("NGÀY 2: 25/8/2026", date(2026, 8, 25), "07:15"),
    ]


def test_a_heading_that_only_mentions_a_year_sets_no_deadline() -> None:
    rows = [
        HEADER,
        ["I", "Phát triển nhân lực đến năm 2030, tầm nhìn 2045", "", "", "", ""],
        ["1", "Việc", "Sở A", "", "", ""],
    ]
    assert one(rows).due is None


def test_sums_remarks_and_signatures_below_the_list_are_no_tasks() -> None:
    rows = [
        HEADER,
        ["1", "Việc một", "Sở A", "", "30/6/2026", ""],
        ["", "Tổng cộng", "", "", "", ""],
        ["", "Tổng số: 01 nhiệm vụ", "", "", "", ""],
        ["", "", "", "", "", ""],
        ["", "(*) Ghi chú: nhiệm vụ trọng tâm", "", "", "", ""],
        ["", "Ghi chú: các đơn vị báo cáo trước ngày 25", "", "", "", ""],
        ["", "", "", "", "", "TM. ỦY BAN NHÂN DÂN"],
    ]
    assert one(rows).content == "Việc một"


def test_work_that_begins_like_a_sum_is_work() -> None:
    rows = [
        ["Nội dung", "Chủ trì", "Thời hạn"],
        ["Cộng đồng học tập", "Sở A", "30/6/2026"],
        ["Tổng số hóa", "Sở B", ""],
    ]
    assert [task.content for task in read(a_workbook(rows)).tasks] == ["Cộng đồng học tập", "Tổng số hóa"]


def test_a_motto_that_breaks_over_two_lines_issues_nothing() -> None:
    assert paper_of(["CHÍNH PHỦ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "NAM", "Số: 45/KH-UBND"]).issuer == "CHÍNH PHỦ"


def test_a_header_whose_letters_stand_one_below_another_is_read() -> None:
    rows = [["S\nT\nT", "Nội dung", "Chủ trì", "Thời hạn"], ["1", "Việc", "Sở A", "30/6/2026"]]
    assert read(a_workbook(rows)).tasks[0].ordinal == "1"


@BOTH
def test_a_header_repeated_on_a_new_page_is_no_task(make: Maker) -> None:
    row = ["1", "Việc một", "Sở A", "", "30/6/2026", ""]
    assert len(read(make([HEADER, row, HEADER, ["2", *row[1:]]])).tasks) == 2


def test_a_table_cut_by_a_page_goes_on_without_its_header() -> None:
    first, second = ["1", "Việc một", "Sở A", "", "30/6/2026", ""], ["2", "Việc hai", "Sở B", "", "30/7/2026", ""]
    said = read(a_document([HEADER, first], "II. Nhóm hai", [second])).tasks
    assert [(task.content, task.section, task.lead) for task in said] == [
        ("Việc một", None, "Sở A"),
        ("Việc hai", "II. Nhóm hai", "Sở B"),
    ]


def test_a_column_without_a_telling_header_is_known_by_its_cells_and_that_is_said() -> None:
    rows = [["STT", "Nội dung", "Đơn vị thực hiện", "Tiến độ thực hiện"], ["1", "Việc", "Sở A", "Quý III/2026"]]
    said = read(a_workbook(rows))
    assert said.tasks[0].due == date(2026, 9, 30)
    assert "được hiểu là thời hạn" in said.problems[0]


def test_a_table_without_any_header_is_guessed_and_that_is_said() -> None:
    said = read(
        a_workbook(
            [["1", "Triển khai nhiệm vụ trên địa bàn", "Sở A", "30/6/2026"], ["2", "Báo cáo", "Sở B", "Quý III/2026"]]
        )
    )
    assert [(task.content, task.lead) for task in said.tasks] == [
        ("Triển khai nhiệm vụ trên địa bàn", "Sở A"),
        ("Báo cáo", "Sở B"),
    ]
    assert "không có dòng tiêu đề" in said.problems[0]


class TestWhatExcelDoesToText:
    def test_days_and_whole_numbers_are_read_as_written(self) -> None:
        task = one([HEADER, [1, "Việc", "Sở A", "", datetime(2026, 6, 30), ""]])  # noqa: DTZ001
        assert (task.ordinal, task.deadline_text, task.due) == ("1", "30/06/2026", date(2026, 6, 30))

    @pytest.mark.parametrize("shown", ["mmm-yy", "mm/yyyy", '"Tháng "m/yyyy', "[$-42A]mm/yyyy"])
    def test_a_month_that_became_its_first_day_is_a_month_again(self, shown: str) -> None:
        rows = [HEADER, ["1", "Việc", "Sở A", "", datetime(2026, 9, 1, 1), ""]]  # noqa: DTZ001
        (task,) = read(a_workbook(rows, month=shown)).tasks
        assert (task.deadline_text, task.due) == ("09/2026", date(2026, 9, 30))

    def test_a_first_day_that_is_shown_as_a_day_stays_one(self) -> None:
        assert one([HEADER, ["1", "Việc", "Sở A", "", datetime(2026, 9, 1), ""]]).due == date(2026, 9, 1)  # noqa: DTZ001

    def test_the_tenth_of_a_number_lost_its_nought_and_gets_it_back(self) -> None:
        row = ["Việc", "Sở A", "", "30/6/2026", ""]
        said = read(a_workbook([HEADER, *([number, *row] for number in (1.8, 1.9, 1.1, 1.11))])).tasks
        assert [task.ordinal for task in said] == ["1.8", "1.9", "1.10", "1.11"]
        assert "hiểu là «1.10»" in problems(said[2])

    def test_an_error_in_a_cell_is_named(self) -> None:
        assert "#REF!" in problems(one([HEADER, ["1", "Việc", "Sở A", "", "#REF!", ""]]))


def test_an_open_document_is_read_like_a_workbook() -> None:
    (task,) = read(an_open_document([HEADER, ["1", "Việc một", "Sở A", "Sở B", "30/6/2026", "QĐ"]])).tasks
    assert (task.content, task.lead, task.due) == ("Việc một", "Sở A", date(2026, 6, 30))
    assert task.source.place == "Trang tính «Phụ lục»"


class TestWhatWordHides:
    def test_numbers_that_word_draws_by_itself_are_there(self) -> None:
        document = Document()
        table = document.add_table(rows=3, cols=4)
        rows = [
            ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
            ["", "Việc một", "Sở A", "6/2026"],
            ["", "Việc hai", "Sở B", "7/2026"],
        ]
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                table.cell(number, column).text = cell
        numbering = document.part.numbering_part.element
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        abstract = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        numbering.insert(
            0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{abstract}</w:abstractNum>')
        )
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        for number in (1, 2):
            number_itself(table.cell(number, 0).paragraphs[0])
        assert [task.ordinal for task in read(saved(document)).tasks] == ["1", "2"]

    def test_inserted_text_counts_and_deleted_text_does_not(self) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        document = Document()
        table = document.add_table(rows=2, cols=4)
        for number, row in enumerate([["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], ["1", "Việc", "Sở A", "Hạn: "]]):
            for column, cell in enumerate(row):
                table.cell(number, column).text = cell
        paragraph = table.cell(1, 3).paragraphs[0]._p
        paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>30/6/2026</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>31/7/2026</w:t></w:r></w:ins>"))
        assert read(saved(document)).tasks[0].due == date(2026, 7, 31)


class TestThePaper:
    def test_a_letterhead_gives_number_day_issuer_kind_and_subject(self) -> None:
        head = [["UBND TỈNH THÁI NGUYÊN\nSố: 5426/UBND-KGVX", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]]
        paper = read(
            a_document(
                head,
                "Thái Nguyên, ngày 17 tháng 5 năm 2026",
                "KẾ HOẠCH",
                "Chuyển đổi số năm 2026",
                [HEADER, ["1", "Việc"]],
            ),
            None,
        ).paper
        assert (paper.doc_symbol, paper.issued_on, paper.doc_type) == ("5426/UBND-KGVX", date(2026, 5, 17), "plan")
        assert (paper.issuer, paper.subject) == ("UBND TỈNH THÁI NGUYÊN", "Chuyển đổi số năm 2026")

    def test_an_annex_speaks_of_its_paper_and_deadlines_count_from_it(self) -> None:
        said = read(
            a_workbook(
                [
                    ["PHỤ LỤC II"],
                    ["DANH MỤC NHIỆM VỤ"],
                    ["(Kèm theo Kế hoạch số 12/KH-UBND ngày 05/5/2026 của UBND tỉnh)"],
                    HEADER,
                    ["1", "Việc", "Sở A", "", "trong vòng 10 ngày kể từ ngày ban hành", ""],
                ]
            ),
            None,
        )
        assert (said.paper.doc_symbol, said.paper.doc_type, said.paper.issuer) == ("12/KH-UBND", "plan", "UBND tỉnh")
        assert (said.issued, said.tasks[0].due) == (date(2026, 5, 5), date(2026, 5, 15))

    def test_a_missing_day_of_issue_is_said(self) -> None:
        assert "Không thấy ngày ban hành" in read(a_workbook([HEADER, ["1", "Việc", "Sở A"]]), None).problems[0]

    def test_another_day_than_the_one_typed_is_said(self) -> None:
        rows = [["(Kèm theo Kế hoạch số 12/KH-UBND ngày 05/5/2026)"], HEADER, ["1", "Việc", "Sở A"]]
        assert "khác ngày ban hành đã nhập" in read(a_workbook(rows)).problems[0]


class TestColumnsThatShareAField:
    def test_a_column_filled_in_few_rows_groups_the_tasks_of_the_other(self) -> None:
        rows = [
            ["STT", "Nhiệm vụ", "Nội dung thực hiện", "Chủ trì", "Thời hạn"],
            ["1", "Chuyển đổi số", "Ban hành kế hoạch", "Sở A", "6/2026"],
            ["", "", "Tổ chức tập huấn", "Sở B", "7/2026"],
            ["", "", "Sơ kết", "Sở B", "8/2026"],
        ]
        for said in (read(a_workbook(rows)).tasks, read(a_workbook(rows, [(1, 1, 3, 1, "Chuyển đổi số")])).tasks):
            assert [(task.section, task.content) for task in said] == [
                ("Chuyển đổi số", "Ban hành kế hoạch"),
                ("Chuyển đổi số", "Tổ chức tập huấn"),
                ("Chuyển đổi số", "Sơ kết"),
            ]

    def test_a_column_of_codes_gives_way_to_the_words_beside_it(self) -> None:
        rows = [
            ["Nhiệm vụ", "Mô tả nhiệm vụ", "Chủ trì", "Hạn"],
            ["NV1", "Xây dựng chương trình tuyên truyền", "Sở A", "6/2026"],
        ]
        task = one(rows)
        assert (task.ordinal, task.content) == ("NV1", "Xây dựng chương trình tuyên truyền")

    def test_a_unit_of_measure_is_no_lead_and_targets_are_no_tasks(self) -> None:
        rows = [
            ["TT", "Chỉ tiêu", "Đơn vị", "Kết quả"],
            ["1", "Tỷ lệ hồ sơ trực tuyến", "%", "80"],
            ["2", "Số máy tính", "cái", "9"],
        ]
        assert read(a_workbook(rows)).tasks == ()

    def test_columns_without_or_with_the_same_title_keep_their_cells_apart(self) -> None:
        rows = [
            ["STT", "Nhiệm vụ", "Chủ trì", "Hạn", "", "Ghi chú", "Ghi chú"],
            ["1", "Việc", "Sở A", "6/2026", "a", "b", "c"],
        ]
        cells = one(rows).source.cells
        assert (cells["Cột 5"], cells["Ghi chú"], cells["Ghi chú 7"]) == ("a", "b", "c")


def test_a_unit_named_by_a_heading_is_told_and_not_taken() -> None:
    rows = [HEADER, ["I", "Lĩnh vực nội vụ", "Sở Nội vụ", "", "", ""], ["1", "Việc một", "", "", "30/6/2026", ""]]
    task = one(rows)
    assert (task.section, task.lead) == ("I Lĩnh vực nội vụ", "")
    assert "tiêu đề bên trên ghi «Sở Nội vụ»" in problems(task)


def test_a_task_numbered_like_a_heading_stays_a_task() -> None:
    rows = [
        HEADER,
        ["I", "Việc một", "Sở A", "", "30/6/2026", "QĐ"],
        ["II", "Việc hai", "Sở B", "", "30/7/2026", "QĐ"],
    ]
    assert [task.ordinal for task in read(a_workbook(rows)).tasks] == ["I", "II"]


def test_a_day_that_only_the_content_mentions_is_told() -> None:
    task = one([HEADER, ["1", "Báo cáo kết quả trước ngày 25/6/2026", "Sở A", "", "", ""]])
    assert task.due is None
    assert "nội dung có nhắc «trước ngày 25/6/2026»" in problems(task)


def test_rows_with_nothing_but_a_number_are_no_tasks() -> None:
    rows = [HEADER, ["1", "Việc", "Sở A", "", "30/6/2026", ""], ["2", "", "", "", "", ""], ["3", "", "", "", "", ""]]
    assert len(read(a_workbook(rows)).tasks) == 1


def test_one_cell_for_both_roles_that_cannot_be_told_apart_is_named() -> None:
    rows = [["TT", "Nội dung", "Đơn vị chủ trì, phối hợp", "Thời hạn"], ["1", "Việc", "Sở A; Sở B", "30/6/2026"]]
    assert "hãy tách ra" in problems(one(rows))


class TestDaysThatAreNotWritten:
    ROWS = [
        ["TT", "Nhiệm vụ", "Ngày giao", "Chủ trì", "Thời hạn"],
        ["1", "Việc một", "05/5/2026", "Sở A", "trong vòng 10 ngày kể từ ngày ban hành"],
        ["2", "Việc hai", "", "Sở A", "30/12/2026"],
    ]

    def test_without_a_day_of_the_paper_rows_count_from_their_own(self) -> None:
        said = read(a_workbook(self.ROWS), None)
        assert said.tasks[0].due == date(2026, 5, 15)
        assert "ngày giao ghi ở từng dòng" in said.problems[0]

    def test_the_day_of_the_paper_goes_before_those_of_rows(self) -> None:
        assert read(a_workbook(self.ROWS)).tasks[0].due == date(2026, 5, 28)

    def test_a_day_that_became_a_number_is_offered_unsure(self) -> None:
        task = one([HEADER, ["1", "Việc", "Sở A", "", 46203, ""]])
        assert (task.due, task.reading.sure, task.deadline_text) == (date(2026, 6, 30), False, "46203")
        assert "Excel ghi thành số" in problems(task)


def test_words_typed_into_the_column_of_numbers_are_the_content() -> None:
    task = one([HEADER, ["3. Xây dựng kế hoạch năm", "", "Sở A", "", "30/6/2026", ""]])
    assert (task.ordinal, task.content) == ("3", "Xây dựng kế hoạch năm")


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@BOTH
def test_a_file_with_the_stamp_of_secrecy_is_refused(make: Maker, stamp: str) -> None:
    with pytest.raises(Invalid, match="Văn bản mật"):
        read(make([[stamp, "UBND TỈNH"], HEADER, ["1", "Việc", "Sở A", "", "30/6/2026", ""]]))


def test_hours_take_their_day_from_the_column_of_days() -> None:
    rows = [
        ["Thứ/ngày", "Thời gian", "Nội dung", "Chủ trì"],
        ["Thứ Hai, 22/6/2026", "7h30", "Họp giao ban", "Chủ tịch"],
        ["", "14h00", "Làm việc với xã", "Phó Chủ tịch"],
    ]
    said = read(a_workbook(rows)).tasks
    assert [(task.due, task.reading.due_time) for task in said] == [
        (date(2026, 6, 22), "07:30"),
        (date(2026, 6, 22), "14:00"),
    ]
    assert "ngày lấy ở «Thứ Hai, 22/6/2026»" in problems(said[1])
