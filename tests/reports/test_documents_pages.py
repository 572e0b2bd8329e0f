"""Papers from the pages, and the way of a unit's report: written, reviewed in the unit, sent as a tracked duty."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from browser import Browser
from builders import POLICY, a_commune, a_directive, a_province, an_assignment, at, somebody
from click.testing import CliRunner
from docx import Document

from tracker.cli import commands, gather_commands
from tracker.clock import now, today
from tracker.db import atomic, db
from tracker.reports.documents.commune import Words
from tracker.reports.drafting import queries as asking
from tracker.reports.drafting.actions import begin, hand_up, save
from tracker.reports.drafting.models import ReportDraft
from tracker.rules.access import Role
from tracker.rules.lifecycle import State
from tracker.tasks import deciding
from tracker.tasks.actions import hand_back
from tracker.tasks.models import Assignment

on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


class Desk:
    """A commune that owes its province a report."""

    def __init__(self):
        self.province = a_province()
        self.commune = a_commune(self.province)
        self.neighbour = a_commune(self.province, "C2", "Xã Sơn Hà")
        self.issuer = somebody(self.province, Role.ISSUER)
        self.leader = somebody(self.commune, Role.COMMUNE_LEADER, "Nguyễn Văn An")
        self.officer = somebody(self.commune, Role.COMMUNE_OFFICER, "Trần Thị Bình")
        self.stranger = somebody(self.neighbour, Role.COMMUNE_LEADER)
        start = at(f"{today() - timedelta(days=30)} 08:00")
        paper = a_directive(self.province, "7/CV-UBND", issued_on=today() - timedelta(days=30))
        due = today() + timedelta(days=5)
        self.order = an_assignment(self.commune, self.issuer, due=str(due), on=start, directive=paper)
        late = today() - timedelta(days=10)
        self.late = an_assignment(self.commune, self.issuer, due=str(late), on=start, directive=paper)


@pytest.fixture
def desk(browser):
    return Desk()


def written_draft(desk, browser) -> int:
    """The officer begins a report and writes all that only the unit can write."""
    browser.acts_as(desk.officer).get("/reports/drafts/new")
    page = browser.submit("Bắt đầu soạn", order=str(desk.order.id), as_of=f"{today():%d/%m/%Y}")
    browser.submit("Lưu dự thảo", **{"w-trong-tam": "Số hóa di tích.", "n-kien-nghi": True})
    return int(page.url.rsplit("/", 1)[1])


def test_a_report_goes_from_officer_to_leader_to_province_and_back_as_received(desk, browser):
    number = written_draft(desk, browser)
    page = browser.submit("Trình lãnh đạo")
    assert "Chờ lãnh đạo đơn vị duyệt" in page
    assert not [one for one in page.all("textarea")], "on its way nothing can be changed"
    browser.acts_as(desk.leader).get(f"/assignments/{desk.order.id}/sending")
    browser.submit("Duyệt, gửi tỉnh")
    assert "Đã gửi, chờ xác nhận" in browser.get(f"/reports/drafts/{number}")
    deciding.confirm(fresh(desk.order), by=desk.issuer, now=now(), policy=POLICY)
    assert "Cấp trên đã nhận" in browser.get("/reports/drafts")
    assert fresh(desk.order).state == State.COMPLETED


def test_the_page_of_a_task_that_asks_for_a_report_leads_to_its_desk(desk, browser):
    with atomic():
        desk.order.task.deliverable = "Báo cáo quý"
        desk.late.task.content = "Lập bản đồ số"
    browser.acts_as(desk.officer).get(f"/assignments/{desk.order.id}")
    browser.click("Soạn báo cáo này")
    page = browser.submit("Bắt đầu soạn")
    assert "Trả lời nhiệm vụ" in page and f"/assignments/{desk.order.id}" in page.html
    assert "Soạn báo cáo này" not in browser.get(f"/assignments/{desk.late.id}")
    assert "Soạn báo cáo này" not in browser.acts_as(desk.issuer).get(f"/assignments/{desk.order.id}")


def test_a_leader_sends_at_once_and_the_province_reads_the_word_file_as_evidence(desk, browser):
    written_draft(desk, browser)
    browser.acts_as(desk.leader).get("/reports/drafts")
    browser.click("Kết quả thực hiện nhiệm vụ được giao")
    assert "Đã gửi, chờ xác nhận" in browser.submit("Duyệt, gửi cấp trên")
    assert fresh(desk.order).state == State.SUBMITTED
    page = browser.acts_as(desk.issuer).get(f"/assignments/{desk.order.id}")
    assert "Bao-cao_C1" in page and "Tổng số nhiệm vụ UBND tỉnh giao" in page


def test_a_returned_report_can_be_mended_and_sent_again(desk, browser):
    number = written_draft(desk, browser)
    browser.acts_as(desk.leader).get(f"/reports/drafts/{number}")
    browser.submit("Duyệt, gửi cấp trên")
    deciding.send_back(fresh(desk.order), "Thiếu phụ lục", by=desk.issuer, now=now(), policy=POLICY)
    assert "Bị trả lại, cần sửa" in browser.get(f"/reports/drafts/{number}")
    assert "Đã gửi, chờ xác nhận" in browser.submit("Duyệt, gửi cấp trên", signer="Nguyễn Văn An")


def test_what_is_neither_written_nor_declared_empty_is_asked_for_and_what_was_typed_stays(desk, browser):
    browser.acts_as(desk.officer).get("/reports/drafts/new")
    browser.submit("Bắt đầu soạn", order=str(desk.order.id), as_of=f"{today():%d/%m/%Y}")
    page = browser.submit("Trình lãnh đạo", expect=422, **{"w-kho-khan": "Thiếu người."})
    assert set(page.complaints_shown()) == {"w-trong-tam", "w-kien-nghi"}
    assert "Thiếu người." in page.html and fresh(desk.order).state == State.ASSIGNED


def test_a_report_that_nobody_ordered_is_only_downloaded(desk, browser):
    browser.acts_as(desk.leader).get("/reports/drafts/new")
    page = browser.submit("Bắt đầu soạn", as_of=f"{today():%d/%m/%Y}", outline="nq57-thai-nguyen")
    assert "Duyệt, gửi cấp trên" not in page
    answer = browser.post(f"{page.url}/sending", {"signing": "tm"}, expect=409)
    assert "chưa gắn với nhiệm vụ" in answer
    words = Document(io.BytesIO(browser.get(f"{page.url}/paper.docx").data))
    assert "BÁO CÁO" in [one.text for one in words.paragraphs]
    assert browser.get(f"{page.url}/paper.pdf").data.startswith(b"%PDF")


def test_two_people_who_write_at_once_do_not_lose_each_others_words(desk, browser, app):
    number = written_draft(desk, browser)
    other = Browser(app).acts_as(desk.leader)
    other.get(f"/reports/drafts/{number}")
    browser.get(f"/reports/drafts/{number}")
    browser.submit("Lưu dự thảo", **{"w-trong-tam": "Của cán bộ."})
    page = other.submit("Lưu dự thảo", expect=409, **{"w-trong-tam": "Của lãnh đạo."})
    assert "Của lãnh đạo." in page.html
    db.session.expire_all()
    assert db.session.get(ReportDraft, number).words["trong-tam"]["text"] == "Của cán bộ."


def test_a_draft_is_its_units_alone(desk, browser):
    number = written_draft(desk, browser)
    browser.acts_as(desk.stranger).get(f"/reports/drafts/{number}", expect=404)
    browser.get(f"/reports/drafts/{number}/paper.docx", expect=404)
    browser.acts_as(desk.issuer).get(f"/reports/drafts/{number}", expect=404)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"as_of": "31/12/2999"}, "as_of"), ({"as_of": ""}, "as_of"), ({"since": "31/12/2999"}, "since")],
)
def test_bad_days_are_answered_at_their_field(desk, browser, typed, field):
    browser.acts_as(desk.leader).get("/reports/drafts/new")
    page = browser.submit("Bắt đầu soạn", expect=422, **{"as_of": f"{today():%d/%m/%Y}", **typed})
    assert field in page.complaints_shown()


def test_pages_offer_the_papers_that_a_role_may_have(desk, browser):
    page = browser.acts_as(desk.issuer).get("/reports")
    for link in ("province", "giao-ban", "urge"):
        for form in ("docx", "pdf", "xlsx"):
            href = f"/reports/papers/{link}.{form}?unit={desk.province.id}&as_of={today():%Y-%m-%d}"
            assert href in [one.get("href") for one in page.all("a")]
            assert len(browser.get(href).data) > 1000
    briefing = browser.get("/briefing")
    assert "In 1 trang A4" in briefing and "Công văn đôn đốc" in briefing
    own = browser.acts_as(desk.officer).get("/reports")
    assert "Soạn và gửi báo cáo" in own and "Công văn đôn đốc" not in own
    browser.get("/reports/papers/commune.docx")
    browser.get("/reports/papers/province.docx", expect=403)
    browser.get(f"/reports/papers/commune.docx?unit={desk.neighbour.id}", expect=404)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/papers/khac.docx", 404),
        ("/reports/papers/commune.odt", 404),
        ("/reports/papers/commune.docx?as_of=31/12/2999", 422),
        ("/reports/papers/commune.docx?as_of=abc", 422),
        ("/reports/papers/commune.docx?unit=999999", 404),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(desk, browser, address, status):
    browser.acts_as(desk.issuer).get(address, expect=status)


def test_a_letter_to_nobody_is_refused_in_words(desk, browser):
    browser.acts_as(desk.issuer)
    page = browser.get(f"/reports/papers/urge.docx?unit={desk.neighbour.id}", expect=409)
    assert "Không có nhiệm vụ quá hạn" in page


def test_where_a_draft_stands_follows_from_its_submission(desk, app):
    made = begin(desk.commune, "nhiem-vu-duoc-giao", today(), ordered=desk.order, by=desk.officer, now=now())
    formal = dict.fromkeys(("about", "basis", "addressee", "signer", "kept_by"), "") | {"signing": "tm"}
    save(made, {"trong-tam": Words("Số hóa."), "kien-nghi": Words(nil=True)}, formal, by=desk.officer, now=now())
    assert asking.stage(made) is asking.Stage.WRITING
    folder = Path(app.extensions["settings"].files_folder)
    hand_up(made, docx_bytes(), "Bao-cao.docx", "Xong", folder=folder, by=desk.officer, now=now(), policy=POLICY)
    assert asking.stage(made) is asking.Stage.WITH_LEADER
    hand_back(fresh(desk.order), "Viết lại", by=desk.leader, now=now(), policy=POLICY)
    db.session.expire_all()
    assert asking.stage(made) is asking.Stage.RETURNED


def docx_bytes():
    file = io.BytesIO()
    Document().save(file)
    return file.getvalue()


def fresh(one) -> Assignment:
    db.session.expire_all()
    return db.session.get(Assignment, one.id)


# ── The command ───────────────────────────────────────────────────────────────────────────────────────────────────


def run(app, *arguments):
    gather_commands(commands)
    return CliRunner().invoke(commands, ["reports", "write", *(str(one) for one in arguments)], obj=app)


@on_sqlite
@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
@pytest.mark.parametrize(
    ("kind", "unit"), [("commune", "C1"), ("province", "P1"), ("urge", "P1"), ("giao-ban", "P1")]
)
def test_the_command_writes_every_paper_in_every_form(desk, app, tmp_path, kind, unit, form):
    file = tmp_path / f"x.{form}"
    result = run(app, "--kind", kind, "--unit", unit, "--as-of", f"{today()}", "--to", file)
    assert result.exit_code == 0, result.output
    assert file.stat().st_size > 4000 and str(file) in result.output


@on_sqlite
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kind", "commune", "--unit", "C1", "--to", "x.odt"), "Chỉ viết được tệp"),
        (("--kind", "urge", "--unit", "C2", "--to", "x.docx"), "không cần công văn đôn đốc"),
        (("--kind", "commune", "--unit", "KHONG", "--to", "x.docx"), "Không có đơn vị"),
        (("--kind", "commune", "--unit", "C1", "--to", "khong/co/x.docx"), "Không ghi được tệp"),
        (("--kind", "commune", "--unit", "C1", "--to", "x.docx", "--outline", "la"), "Không có đề cương"),
    ],
)
def test_the_command_refuses_in_one_sentence(desk, app, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    result = run(app, *arguments)
    assert result.exit_code != 0
    assert sentence in f"{result.output}{result.exception}"
