"""A file becomes a directive by the pages: dropped, seen row by row, mended, given, issued whole or not at all."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import time_machine
from browser import Browser
from builders import a_directive, a_province, somebody
from files_to_read import HEADER, a_document, a_message
from files_to_read import a_workbook as a_list
from importing_files import ROWS, a_workbook
from places import NOW, Place

from tracker.db import atomic, db, forget
from tracker.directives.models import Directive, ImportDraft, ImportRow
from tracker.directives.reading.edxml import read_message
from tracker.evidence.actions import sweep_store
from tracker.evidence.queries import files_of_directive
from tracker.evidence.store import path_of
from tracker.history.queries import events
from tracker.rules.access import Role
from tracker.rules.lifecycle import Kind
from tracker.rules.texts import fold
from tracker.tasks.giving import add_task, assign
from tracker.tasks.models import Assignment, Coordination, FanOut, Series, Task
from tracker.units.actions import add_unit


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    place = Place()
    add_unit("so-nv", "Sở Nội vụ", "department", place.province, by=None, now=NOW)
    return place


def dropped(browser, place, rows=ROWS, **more):
    """The preview of a file that was dropped."""
    browser.acts_as(place.issuer).get("/directives/imports")
    return browser.submit("Đọc tệp", file=(a_workbook(rows, **more), "Phu luc.xlsx"))


def described(browser):
    """The directive's own fields, filled in where the file says nothing."""
    browser.click("Sửa thông tin văn bản")
    return browser.submit("Lưu", doc_type="plan", doc_symbol="12/KH-UBND", issued_on="10/3/2026", abstract="Kế hoạch")


def test_a_file_is_seen_row_by_row_and_issued_as_one_directive(browser, place):
    page = dropped(browser, place)
    assert db.session.query(Directive).count() == 0
    rows = page.rows()
    assert len(rows) == 3 and "thứ Ba, 30/06/2026" in rows[0][4] and "→ Xã An Bình" in rows[0][2]
    assert "ngày 25 hằng tháng" in rows[1][4] and "→ Xã An Bình, Xã Sơn Hà" in rows[1][2]
    described(browser)
    page = browser.click("Kiểm tra, ghi")
    assert "3 việc, 2 đơn vị, 4 lượt giao" in page
    page = browser.submit("Ghi và giao")
    assert "Đã ghi văn bản 12/KH-UBND từ tệp." in page
    directive = db.session.query(Directive).one()
    tasks = db.session.query(Task).order_by(Task.id).all()
    assert [(task.kind, task.due_on, task.due_text) for task in tasks] == [
        ("scheduled", date(2026, 6, 30), "30/6/2026"),
        ("recurring", None, "Ngày 25 hằng tháng"),
        ("standing", None, "Thường xuyên"),
    ]
    assert db.session.query(Coordination).count() == 1 and db.session.query(Series).count() == 2
    given = db.session.query(Assignment).order_by(Assignment.id).all()
    assert sorted(one.kind for one in given) == ["recurring", "recurring", "scheduled", "standing"]
    assert {one.occurrence for one in given} == {"", "2026-03-25"}
    assert "import" in [event.deed for event in events("directive", directive.id)]
    assert db.session.query(FanOut).count() == 1


def test_a_draft_survives_a_closed_browser_and_is_its_sides_alone(browser, place):
    dropped(browser, place)
    draft = db.session.query(ImportDraft).one()
    browser.acts_as(somebody(place.province, Role.ISSUER, "Đồng nghiệp")).get("/directives/imports")
    assert "Rà soát danh mục" in browser.click("12/KH-UBND")
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(stranger).get("/directives/imports")
    row = db.session.query(ImportRow.id).limit(1).scalar()
    for where in ("", "/paper", "/units", f"/rows/{row}", "/bad-rows.xlsx", "/issue"):
        assert browser.knock("GET", f"/directives/imports/{draft.id}{where}") == 404


BAD = (
    ("1", "Rà soát danh mục", "Phòng Không Có", "", "30/6/2026", "Báo cáo"),
    ("2", "", "Xã An Bình", "", "30/6/2026", "Báo cáo"),
    ("3", "Lập danh sách", "Xã An Bình", "", "khoảng giữa tháng 6", "Danh sách"),
    ("4", "Việc đúng", "Xã An Bình", "", "30/6/2026", "Báo cáo"),
)


def test_what_is_wrong_is_said_at_its_cell_and_stands_in_the_way(browser, place):
    page = dropped(browser, place, BAD)
    said = page.rows()
    assert "«Phòng Không Có»: Không có trong danh mục đơn vị; hãy chọn đơn vị." in said[0][2]
    described(browser)
    browser.click("Kiểm tra, ghi")
    page = browser.submit("Ghi và giao", expect=409)
    assert "dòng cần sửa" in page and db.session.query(Directive).count() == 0


def test_a_row_is_mended_in_its_place(browser, place):
    page = dropped(browser, place, BAD[:1])
    browser.click("Sửa Trang tính «Phụ lục», dòng 4")
    page = browser.submit("Lưu dòng", lead="Xã An Bình; Xã Sơn Hà", due_text="20/6/2026", due_on="")
    assert "Đã sửa dòng." in page and "thứ Bảy, 20/06/2026" in page.rows()[0][4]
    row = db.session.query(ImportRow).one()
    assert (len(row.leads["units"]), row.homeless, row.mended, row.sure) == (2, False, True, True)
    assert row.cells["texts"]["Cơ quan chủ trì"] == "Phòng Không Có"


def test_a_row_that_stays_wrong_is_complained_of_at_its_field(browser, place):
    dropped(browser, place, BAD[:1])
    browser.click("Sửa Trang tính «Phụ lục», dòng 4")
    page = browser.submit("Lưu dòng", content="", due_on="31/6", expect=422)
    assert set(page.complaints_shown()) == {"content", "due_on"}
    page = browser.submit("Lưu dòng", content="Việc", due_text="", due_on="1/1/2026", expect=422)
    assert set(page.complaints_shown()) == {"due_on"}


def test_guessed_deadlines_are_looked_at_before_they_count(browser, place):
    dropped(browser, place, BAD[2:])
    described(browser)
    browser.click("Kiểm tra, ghi")
    assert "dòng chưa chắc" in browser.submit("Ghi và giao", expect=409)
    page = browser.click("1 dòng chưa chắc")
    assert len(page.rows()) == 1
    page = browser.submit("Xác nhận dòng đã chọn", every=True)
    assert "Đã xác nhận 1 dòng." in page
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi và giao")
    assert db.session.query(Task).count() == 2


def test_right_rows_are_issued_and_wrong_ones_come_back_with_their_reason(browser, place):
    dropped(browser, place, (BAD[0], BAD[3]))
    browser.click("Cần sửa")
    assert "Đã bỏ ra 1 dòng." in browser.submit("Bỏ ra dòng đã chọn", every=True)
    draft = db.session.query(ImportDraft).one()
    file = browser.get(f"/directives/imports/{draft.id}/bad-rows.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    heads, row = list(sheet.iter_rows(values_only=True))
    assert heads == (
        "STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm", "Lý do",
    )  # fmt: skip
    assert (
        row[1] == "Rà soát danh mục"
        and row[-1] == "«Phòng Không Có»: Không có trong danh mục đơn vị; hãy chọn đơn vị."
    )
    described(browser)
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi và giao")
    assert [task.content for task in db.session.query(Task)] == ["Việc đúng"]
    assert browser.knock("POST", f"/directives/imports/{draft.id}/issue") == 303


def test_units_are_chosen_for_all_rows(browser, place):
    dropped(browser, place, BAD[:1])
    browser.click("Chọn đơn vị")
    assert "Chọn ít nhất một đơn vị." in browser.submit("Lưu", scope="units", expect=422)
    browser.submit("Lưu", scope="all")
    described(browser)
    page = browser.click("Kiểm tra, ghi")
    assert "1 việc, 2 đơn vị, 2 lượt giao" in page
    browser.submit("Ghi và giao")
    assert db.session.query(Assignment).count() == 2


def test_an_import_may_record_tasks_without_giving_them(browser, place):
    dropped(browser, place, BAD[:1])
    browser.click("Chọn đơn vị")
    browser.submit("Lưu", scope="later")
    described(browser)
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi văn bản")
    assert (db.session.query(Task).count(), db.session.query(Assignment).count()) == (1, 0)


def test_the_last_look_catches_a_saturday_a_holiday_and_short_notice(browser, place):
    rows = [
        ("1", "Việc thứ Bảy", "Xã An Bình", "", "13/6/2026", ""),
        ("2", "Việc ngày lễ", "Xã An Bình", "", "30/4/2026", ""),
        ("3", "Việc gấp", "Xã An Bình", "", "17/3/2026", ""),
        *((str(n), f"Việc {n}", "Xã An Bình", "", "10/6/2026", "") for n in range(4, 11)),
    ]
    with_calendar()
    dropped(browser, place, rows)
    page = browser.click("Kiểm tra, ghi")
    assert "Hạn thứ Bảy, 13/06/2026 là ngày nghỉ, tính đến hết thứ Hai, 15/06/2026: 1 việc." in page
    assert "Hạn thứ Năm, 30/04/2026 là ngày nghỉ" in page
    assert "Hạn thứ Ba, 17/03/2026 chỉ còn 1 ngày làm việc: 1 việc." in page
    assert "Dồn việc ngày thứ Tư, 10/06/2026: 1 đơn vị" in page and "nhiều nhất 7 việc" in page


def with_calendar():
    from tracker.calendars.actions import take_in_calendars

    take_in_calendars()


def test_another_day_of_issue_reads_the_wordings_anew(browser, place):
    rows = [("1", "Việc", "Xã An Bình", "", "trong vòng 10 ngày kể từ ngày ban hành", "")]
    dropped(browser, place, rows)
    browser.click("Sửa thông tin văn bản")
    page = browser.submit("Lưu", doc_symbol="12/KH-UBND", issued_on="2/3/2026", abstract="Kế hoạch", doc_type="plan")
    assert "1 thời hạn được đọc lại" in page and "12/03/2026" in page.rows()[0][4]


def test_a_directive_lacking_its_fields_is_not_issued(browser, place):
    page = dropped(browser, place, BAD[3:], title="")
    assert "Không thấy ngày ban hành trong tệp" in page and "Văn bản còn thiếu: số, ký hiệu; trích yếu." in page
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi và giao", expect=422)
    assert db.session.query(Directive).count() == db.session.query(Task).count() == 0
    browser.click("Điền thông tin văn bản")
    page = browser.submit("Lưu", doc_type="plan", doc_symbol="1/KH", issued_on="10/3/2026", abstract="Kế hoạch")
    assert "Không thấy ngày ban hành" not in page and "Văn bản còn thiếu" not in page


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ((io.BytesIO(b""), "rong.xlsx"), "Tệp rỗng"),
        ((io.BytesIO(b"PK\x03\x04 hong"), "hong.xlsx"), "hỏng"),
        ((io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(64)), "anh.png"), "hình ảnh"),
        ((a_workbook((), ("A", "B")), "khong-bang.xlsx"), "Không thấy bảng nhiệm vụ"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_one_sentence(browser, place, file, words):
    browser.acts_as(place.issuer).get("/directives/imports")
    page = browser.submit("Đọc tệp", file=(io.BytesIO(file[0].getvalue()), file[1]), expect=422)
    assert words in page.complaints_shown()["file"] and db.session.query(ImportDraft).count() == 0


def test_no_file_is_complained_of(browser, place):
    browser.acts_as(place.issuer).get("/directives/imports")
    assert "Chọn một tệp" in browser.submit("Đọc tệp", expect=422)


def test_a_draft_given_up_is_gone(browser, place):
    dropped(browser, place)
    draft = db.session.query(ImportDraft).one()
    assert "Đã bỏ bản nhập." in browser.submit("Bỏ bản nhập này")
    assert browser.knock("GET", f"/directives/imports/{draft.id}") == 404
    assert db.session.query(ImportRow).count() == 0


def test_the_annex_of_a_communes_report_becomes_the_work_of_departments_counted_apart(browser, place):
    heads = (
        "STT", "Nội dung đề xuất, kiến nghị", "Thẩm quyền xem xét, quyết định", "Cơ quan chủ trì", "Cơ quan phối hợp",
        "Sản phẩm/kết quả đầu ra mong muốn", "Thời hạn hoàn thành",
    )  # fmt: skip
    rows = [
        ("I", "Về tổ chức, biên chế", "", "", "", "", ""),
        ("1", "Bố trí biên chế công nghệ thông tin", "UBND tỉnh", "Sở Nội vụ", "", "Quyết định", "Năm 2026"),
    ]
    dropped(browser, place, rows, heads=heads, title="")
    browser.click("Sửa thông tin văn bản")
    browser.submit(
        "Lưu", doc_type="report", doc_symbol="212/BC-UBND", issued_on="10/3/2026", abstract="Báo cáo",
        issuer_id=place.commune.id,
    )  # fmt: skip
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi và giao")
    one = db.session.query(Assignment).one()
    assert (one.upward, one.unit.name, one.assigner_id) == (True, "Sở Nội vụ", place.province.id)
    assert (one.due_on, one.task.section) == (date(2026, 12, 31), "I Về tổ chức, biên chế")


def test_the_file_of_an_import_becomes_a_file_of_the_directive_open_to_whom_the_directive_is(browser, place):
    original = a_workbook(BAD[3:]).getvalue()
    browser.acts_as(place.issuer).get("/directives/imports")
    browser.submit("Đọc tệp", file=(io.BytesIO(original), "../../Phu luc.xlsx"))
    draft = db.session.query(ImportDraft).one()
    assert browser.get(f"/directives/imports/{draft.id}/files/1").data == original
    assert browser.knock("GET", f"/directives/imports/{draft.id}/files/2") == 404
    browser.get(f"/directives/imports/{draft.id}")
    described(browser)
    browser.click("Kiểm tra, ghi")
    browser.submit("Ghi và giao")
    (file,) = files_of_directive(db.session.query(Directive).one().id)
    assert (file.name, file.media_type.rsplit(".", 1)[-1]) == ("Phu luc.xlsx", "sheet")
    assert browser.click("Phu luc.xlsx").data == original
    assert browser.acts_as(place.leader).knock("GET", f"/files/{file.id}") == 200
    assert browser.acts_as(place.stranger).knock("GET", f"/files/{file.id}") == 404
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    for where in (f"/files/{file.id}", f"/directives/imports/{draft.id}/files/1"):
        assert browser.acts_as(stranger).knock("GET", where) == 404


def test_the_store_keeps_the_bytes_of_a_draft_until_it_is_given_up(app, browser, place):
    folder = Path(app.extensions["settings"].files_folder)
    later = NOW + timedelta(days=36500)  # the disk tells the age of bytes, and nobody moves its clock
    dropped(browser, place)
    (file,) = db.session.query(ImportDraft).one().files
    sweep_store(folder, now=later)
    assert path_of(folder, file["sha256"]).is_file()
    browser.submit("Bỏ bản nhập này")
    forget()
    sweep_store(folder, now=later)
    assert not path_of(folder, file["sha256"]).is_file()


def test_a_message_of_the_document_axis_becomes_a_directive_and_is_answered(browser, place):
    rows = [HEADER, ["1", "Rà soát dịch vụ công", "UBND các xã, phường", "", "trong vòng 10 ngày kể từ ngày ký", ""]]
    files = {"Phụ lục.xlsx": a_list(rows), "Công văn.docx": a_document("Kính gửi: các xã"), "x.bin": b"unknown kind"}
    browser.acts_as(place.issuer).get("/directives/imports")
    message = a_message(files, day="2026/03/10", due="2026/03/30")
    page = browser.submit("Đọc tệp", file=(io.BytesIO(message), "goi-tin.edxml"))
    assert "Công văn 5426/UBND-KGVX" in page and "V/v triển khai chuyển đổi số" in page
    assert "20/03/2026" in page.rows()[0][4] and "Phụ lục.xlsx" in page.rows()[0][5]
    browser.click("Kiểm tra, ghi")
    page = browser.submit("Ghi và giao")
    directive = db.session.query(Directive).one()
    assert (directive.doc_symbol, directive.issued_on) == ("5426/UBND-KGVX", date(2026, 3, 10))
    assert (directive.issuer_name, directive.urgency) == ("UBND tỉnh Thái Nguyên", "urgent")
    assert {one.due_on for one in db.session.query(Assignment)} == {date(2026, 3, 20)}
    assert [file.name for file in files_of_directive(directive.id)] == [
        "goi-tin.edxml", "Phụ lục.xlsx", "Công văn.docx",
    ]  # fmt: skip
    for code in ("03", "06"):
        browser.get(f"/directives/{directive.id}")
        browser.click("Trả lời gói tin")
        answer = read_message(browser.submit("Tải tệp trạng thái", code=code).data)
        assert (answer.status, answer.sender.code) == (code, "H55.12")
        assert answer.paper.references[0].document_id == "H55,2026/03/10,5426/UBND-KGVX"
    browser.get(f"/directives/{directive.id}")
    browser.click("Trả lời gói tin")
    page = browser.submit("Tải tệp trạng thái", code="02", expect=422)
    assert "Từ chối cần ghi lý do." in page.complaints_shown()["description"]
    answer = browser.submit("Tải tệp trạng thái", code="02", description="Sai nơi nhận")
    assert read_message(answer.data).description == "Sai nơi nhận"
    browser.get(f"/directives/{directive.id}")
    browser.click("Trả lời gói tin")
    browser.click("Trả lời bằng văn bản")
    wrong = {"doc_symbol": "BC-UBND", "issued_on": "17/3/2026", "place": "Vĩnh Thông", "subject": "(Mật) Kết quả"}
    page = browser.submit("Tải gói tin trả lời", **wrong, expect=422)
    assert set(page.complaints_shown()) == {"doc_symbol", "issued_on", "subject"} and "Vĩnh Thông" in page.html
    paper = {"doc_symbol": "15/BC-UBND", "issued_on": "16/3/2026", "subject": "Kết quả thực hiện"}
    report = a_document("Kết quả")
    answer = browser.submit("Tải gói tin trả lời", **paper, files=(io.BytesIO(report), "Báo cáo.docx"))
    sent = read_message(answer.data)
    assert (sent.paper.doc_symbol, sent.paper.steering_type, sent.sender.code) == ("15/BC-UBND", 2, "H55.12")
    assert sent.paper.references[0].document_id == "H55,2026/03/10,5426/UBND-KGVX"
    assert [(each.name, each.data) for each in sent.attachments] == [("Báo cáo.docx", report)]


def test_only_a_message_is_answered(browser, place):
    dropped(browser, place, BAD[3:])
    described(browser)
    browser.click("Kiểm tra, ghi")
    page = browser.submit("Ghi và giao")
    (file,) = files_of_directive(db.session.query(Directive).one().id)
    assert "Trả lời gói tin" not in page and browser.knock("GET", f"/files/{file.id}/answer") == 404
    assert browser.knock("GET", f"/files/{file.id}/reply") == 404


def an_earlier_plan(place):
    """A plan of January with two tasks that both communes have."""
    plan = a_directive(place.province, "49/KH-UBND", date(2026, 1, 12))
    with atomic():
        plan.search_text = fold(f"{plan.doc_symbol} {plan.abstract}")
    told = {"kind": Kind.SCHEDULED, "by": place.issuer, "now": NOW - timedelta(days=30)}
    tasks = [
        add_task(plan, content=content, ordinal=str(n), due_on=date(2026, 6, 30), **told)
        for n, content in enumerate(("Rà soát danh mục dịch vụ công", "Tập huấn kỹ năng số cho cán bộ thôn"), start=1)
    ]
    assign(tasks, [place.commune], by=place.issuer, now=told["now"])
    return plan


AMENDING = (
    ("1", "Rà soát danh mục dịch vụ công trực tuyến", "Xã An Bình", "", "31/7/2026", ""),
    ("3", "Lập danh sách điểm truy cập Internet", "Xã Sơn Hà", "", "30/6/2026", ""),
)


def test_a_paper_that_amends_an_earlier_one_is_laid_beside_it_when_a_person_says_so(browser, place):
    plan = an_earlier_plan(place)
    dropped(browser, place, AMENDING)
    browser.click("Sửa thông tin văn bản")
    title = "Điều chỉnh, bổ sung nhiệm vụ tại Kế hoạch số 49/KH-UBND ngày 12/01/2026"
    page = browser.submit("Lưu", doc_type="notice", doc_symbol="30/TB-UBND", issued_on="10/3/2026", abstract=title)
    assert "Có phải điều chỉnh, bổ sung văn bản đó không?" in page
    assert db.session.query(ImportDraft).one().amends_id is None
    assert "Văn bản này điều chỉnh 49/KH-UBND" in browser.submit("Đúng, điều chỉnh 49/KH-UBND")
    browser.submit("Không điều chỉnh")
    browser.submit("Đúng, điều chỉnh 49/KH-UBND")
    page = browser.click("Kiểm tra, ghi")
    assert "Điều chỉnh 49/KH-UBND ngày 12/01/2026: 1 việc thay việc cũ" in page
    assert "2 việc, 1 đơn vị, 1 lượt giao" in page
    page = browser.submit("Ghi và giao")
    assert page.heading == "Điều chỉnh, bổ sung 49/KH-UBND" and "Bản nháp" in page
    assert page.rows()[0][1] == "Sửa nội dung, Đổi hạn" and page.rows()[0][3:5] == ["30/06/2026", "31/07/2026"]
    assert "Lập danh sách điểm truy cập Internet" in page
    assert {one.unit.name for one in db.session.query(Assignment).filter(Assignment.task_id > 2)} == {"Xã Sơn Hà"}
    page = browser.submit("Cho có hiệu lực")
    first = db.session.query(Task).filter_by(directive_id=plan.id, ordinal="1").one()
    assert (first.content, first.due_on) == (AMENDING[0][1], date(2026, 7, 31))
    assert db.session.query(Task).count() == 3


def test_a_message_that_answers_an_earlier_directive_suggests_it_and_issues_as_any_other(browser, place):
    an_earlier_plan(place)
    rows = [HEADER, ["1", "Báo cáo hạ tầng số", "Xã An Bình", "", "30/6/2026", ""]]
    answered = "<ResponseFor><OrganId>H55</OrganId><Code>49/KH-UBND</Code></ResponseFor>"
    message = a_message({"a.xlsx": a_list(rows)}, prefix="", day="2026/03/10", due="2026/03/30", extra=answered)
    browser.acts_as(place.issuer).get("/directives/imports")
    page = browser.submit("Đọc tệp", file=(io.BytesIO(message), "goi-tin.edxml"))
    assert "Văn bản này nhắc đến 49/KH-UBND ngày 12/01/2026" in page
    browser.click("Kiểm tra, ghi")
    assert browser.submit("Ghi và giao").heading == "Công văn 5426/UBND-KGVX"


def test_a_title_that_names_nobodys_paper_or_a_strangers_suggests_none(browser, place):
    an_earlier_plan(place)
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(stranger).get("/directives/imports")
    browser.submit("Đọc tệp", file=(a_workbook(AMENDING), "a.xlsx"))
    browser.click("Sửa thông tin văn bản")
    page = browser.submit("Lưu", doc_symbol="3/TB", abstract="Điều chỉnh Kế hoạch 49/KH-UBND", issued_on="10/3/2026")
    assert "Có phải điều chỉnh" not in page
    draft = db.session.query(ImportDraft).one()
    paper = db.session.query(Directive).one()
    browser.post(f"/directives/imports/{draft.id}/amends", {"amends_id": paper.id}, expect=404)


def test_two_browsers_on_one_row_lose_nothing(app, browser, place):
    page = dropped(browser, place, BAD[:1])
    browser.click("Sửa Trang tính «Phụ lục», dòng 4")
    colleague = Browser(app).acts_as(somebody(place.province, Role.ISSUER, "Đồng nghiệp"))
    colleague.get(browser.page.url)
    colleague.submit("Lưu dòng", content="Nội dung của đồng nghiệp", lead="Xã Sơn Hà")
    page = browser.submit("Lưu dòng", content="Nội dung của tôi", lead="Xã An Bình", expect=409)
    assert "Nội dung của tôi" in page and "Nội dung của đồng nghiệp" in page
    assert db.session.query(ImportRow).one().content == "Nội dung của đồng nghiệp"
    browser.submit("Lưu dòng")
    forget()
    assert db.session.query(ImportRow).one().content == "Nội dung của tôi"


def test_two_browsers_on_the_fields_or_the_units_lose_nothing(app, browser, place):
    dropped(browser, place, BAD[:1])
    colleague = Browser(app).acts_as(somebody(place.province, Role.ISSUER, "Đồng nghiệp"))
    at_draft = browser.page.url
    for link, theirs, mine in (
        ("Sửa thông tin văn bản", {"abstract": "Trích yếu của họ"}, {"abstract": "Trích yếu của tôi"}),
        ("Chọn đơn vị", {"scope": "all"}, {"scope": "later"}),
    ):
        browser.get(at_draft)
        browser.click(link)
        colleague.get(browser.page.url)
        filled = {"doc_symbol": "12/KH-UBND", "issued_on": "10/3/2026"} if "abstract" in theirs else {}
        colleague.submit("Lưu", **filled, **theirs)
        page = browser.submit("Lưu", **filled, **mine, expect=409)
        assert "vừa được người khác sửa" in page
        assert "Trích yếu của tôi" in page or "scope" in mine
        browser.submit("Lưu")
    forget()
    draft = db.session.query(ImportDraft).one()
    assert (draft.paper["abstract"], draft.scope) == ("Trích yếu của tôi", "later")


def test_a_row_that_stays_homeless_is_told_at_once(browser, place):
    dropped(browser, place, BAD[:1])
    browser.click("Sửa Trang tính «Phụ lục», dòng 4")
    page = browser.submit("Lưu dòng", lead="Phòng Vẫn Không Có")
    assert page.text.count("Phòng Vẫn Không Có»: Không có trong danh mục") == 2  # said on top and at the row


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"issued_on": "17/3/2026"}, "issued_on"),
        ({"issued_on": "31/2/2026"}, "issued_on"),
        ({"received_on": "9/3/2026"}, "received_on"),
        ({"doc_symbol": "5/KH-UBND-M"}, "doc_symbol"),
        ({"secrecy": "secret"}, "secrecy"),
        ({"doc_symbol": "7/KH-UBND"}, "doc_symbol"),
        ({"doc_symbol": "s" * 81}, "doc_symbol"),
        ({"abstract": ""}, "abstract"),
    ],
)
def test_a_field_that_could_not_be_issued_is_complained_of_where_it_is_typed(browser, place, typed, wrong):
    a_directive(place.province, "7/KH-UBND", date(2026, 2, 2))
    dropped(browser, place, BAD[3:])
    browser.click("Sửa thông tin văn bản")
    good = {"doc_type": "plan", "doc_symbol": "12/KH-UBND", "issued_on": "10/3/2026", "abstract": "Kế hoạch"}
    page = browser.submit("Lưu", **(good | typed), expect=422)
    assert set(page.complaints_shown()) == {wrong}
    for name, value in typed.items():
        assert value in page.html, f"{name} is kept as it was typed"
    assert db.session.query(ImportDraft).one().paper["abstract"] == ""


def test_an_issuer_or_a_unit_that_was_not_offered_is_refused(browser, place):
    dropped(browser, place, BAD[3:])
    draft = db.session.query(ImportDraft).one()
    other = a_province("P2", "Tỉnh Khác")
    paper = {
        "doc_type": "plan",
        "doc_symbol": "12/KH",
        "issued_on": "10/3/2026",
        "abstract": "K",
        "urgency": "normal",
    }
    browser.post(
        f"/directives/imports/{draft.id}/paper", paper | {"secrecy": "none", "issuer_id": other.id}, expect=422
    )
    browser.post(f"/directives/imports/{draft.id}/units", {"scope": "units", "units": other.id}, expect=422)
    browser.post(f"/directives/imports/{draft.id}/units", {"scope": "cluster:Không có"}, expect=422)
    browser.post(f"/directives/imports/{draft.id}/units", {"scope": "units", "units": "x"}, expect=422)
    row = db.session.query(ImportRow).one()
    browser.post(f"/directives/imports/{draft.id}/rows/{row.id}", {"content": "Việc", "kind": "no"}, expect=422)
    for data in ({}, {"deed": "burn"}, {"deed": "confirm", "ids": "x"}):
        browser.post(f"/directives/imports/{draft.id}/rows", data, expect=422)
    assert browser.get(f"/directives/imports/{draft.id}?view=nothing&size=x").rows()
    assert browser.get(f"/directives/imports/{draft.id}?page=9999").rows() == []


def test_nothing_ticked_is_said_and_the_view_stays(browser, place):
    dropped(browser, place, BAD[2:])
    browser.click("Chưa chắc")
    page = browser.submit("Xác nhận dòng đã chọn")
    assert "Chưa chọn dòng nào." in page and page.url.endswith("view=unsure")
    page = browser.submit("Xác nhận dòng đã chọn", every=True)
    assert page.url.endswith("view=all")


def test_a_draft_that_was_issued_meanwhile_is_told_and_its_pages_lead_to_the_directive(app, browser, place):
    dropped(browser, place, BAD[3:])
    described(browser)
    draft, row = db.session.query(ImportDraft).one(), db.session.query(ImportRow).one()
    browser.click("Sửa Trang tính «Phụ lục», dòng 4")
    colleague = Browser(app).acts_as(somebody(place.province, Role.ISSUER, "Đồng nghiệp"))
    colleague.get(f"/directives/imports/{draft.id}/issue")
    colleague.submit("Ghi và giao")
    assert "đã được ghi thành văn bản" in browser.submit("Lưu dòng", content="Khác", expect=409)
    for where in ("", "/paper", "/units", "/issue", f"/rows/{row.id}"):
        assert browser.knock("GET", f"/directives/imports/{draft.id}{where}") == 303
    assert browser.knock("POST", f"/directives/imports/{draft.id}/issue") == 303
    assert browser.knock("POST", f"/directives/imports/{draft.id}/dropping") == 409
    assert db.session.query(Directive).count() == 1


def test_a_message_without_a_table_is_recorded_with_its_files_and_its_tasks_are_added_by_hand(browser, place):
    message = a_message({"Công văn.docx": a_document("Kính gửi: các xã")}, day="2026/03/10", due="2026/03/30")
    browser.acts_as(place.issuer).get("/directives/imports")
    page = browser.submit("Đọc tệp", file=(io.BytesIO(message), "goi-tin.edxml"))
    assert "hãy nhập nhiệm vụ bằng tay" in page and page.rows() == []
    browser.click("Kiểm tra, ghi")
    page = browser.submit("Ghi văn bản")
    assert page.heading == "Công văn 5426/UBND-KGVX" and "Văn bản chưa có nhiệm vụ." in page
    assert [file.name for file in files_of_directive(db.session.query(Directive).one().id)] == [
        "goi-tin.edxml", "Công văn.docx",
    ]  # fmt: skip
    assert db.session.query(Task).count() == db.session.query(FanOut).count() == 0


def test_an_import_whose_rows_are_all_left_out_is_not_issued(browser, place):
    dropped(browser, place, BAD[:1])
    described(browser)
    browser.click("Cần sửa")
    browser.submit("Bỏ ra dòng đã chọn", every=True)
    browser.click("Kiểm tra, ghi")
    assert "Không còn dòng nào để ghi." in browser.submit("Ghi văn bản", expect=409)


def test_two_who_issue_at_once_make_one_directive(app, browser, place):
    dropped(browser, place, BAD[3:])
    described(browser)
    where = f"/directives/imports/{db.session.query(ImportDraft).one().id}/issue"
    colleague = Browser(app).acts_as(somebody(place.province, Role.ISSUER, "Đồng nghiệp"))
    for one in (browser, colleague):
        one.get(where)
    forget()
    with ThreadPoolExecutor() as both:
        answers = list(both.map(lambda one: one.knock("POST", where), (browser, colleague)))
    assert 303 in answers and set(answers) <= {303, 409}
    assert (db.session.query(Directive).count(), db.session.query(Assignment).count()) == (1, 1)
