"""The province's own report: its words between the figures, past its leader, and kept as it was approved."""

from __future__ import annotations

import dataclasses
import io
from datetime import timedelta

import pytest
from builders import POLICY, a_commune, a_directive, a_province, an_assignment, at, somebody
from docx import Document

from tracker.clock import now, today
from tracker.db import db
from tracker.errors import Forbidden, Invalid, NotFound, Refused
from tracker.history.queries import events
from tracker.reports.closing import close
from tracker.reports.documents.commune import Words
from tracker.reports.documents.outlines import DEFAULT_WHOLE, outlines
from tracker.reports.drafting.actions import FORMALITIES, approve, begin, put_up, save, take_back
from tracker.reports.drafting.models import ReportDraft
from tracker.reports.drafting.queries import Stage, stage
from tracker.reports.queries import Scope
from tracker.rules.access import Role
from tracker.rules.periods import free
from tracker.tasks import deciding

FULL = "tong-hop-day-du"
FORMAL = dict.fromkeys(FORMALITIES, "") | {"signing": "tm"}


class Desk:
    """A province with two communes, of which one is late."""

    def __init__(self):
        self.province = a_province()
        self.commune = a_commune(self.province)
        self.issuer, self.monitor = somebody(self.province, Role.ISSUER), somebody(self.province, Role.MONITOR)
        self.leader = somebody(self.province, Role.LEADER, "Nguyễn Đức Hải")
        self.chair = somebody(self.commune, Role.COMMUNE_LEADER)
        self.start = today() - timedelta(days=40)
        paper = a_directive(self.province, "7/KH-UBND", issued_on=self.start)
        self.given = [
            an_assignment(self.commune, self.issuer, due=str(today() + timedelta(n)), on=at(f"{self.start} 08:00"),
                          directive=paper)
            for n in (-20, 5)
        ]  # fmt: skip

    def begun(self, **more) -> ReportDraft:
        options = {"by": self.issuer, "now": now()} | more
        return begin(self.province, options.pop("outline", FULL), today(), **options)


@pytest.fixture
def desk(browser):
    return Desk()


WRITTEN = {"w-chi-dao": "Đã họp giao ban 02 lần.", "n-danh-gia": True, "w-trong-tam": "Dứt điểm việc quá hạn."}


def written_draft(desk, browser) -> str:
    """The issuer begins the full report and writes what only people can write; the address of its page."""
    browser.acts_as(desk.issuer).get("/reports")
    browser.click("Soạn, duyệt báo cáo")
    browser.click("Báo cáo mới")
    page = browser.submit("Bắt đầu soạn", outline=FULL, as_of=f"{today():%d/%m/%Y}")
    browser.submit("Lưu dự thảo", **WRITTEN)
    return page.url


def words_of(browser, address, form="docx"):
    return [one.text for one in Document(io.BytesIO(browser.get(f"{address}/paper.{form}").data)).paragraphs]


def test_own_words_stand_between_the_computed_sections(desk, browser):
    said = words_of(browser, written_draft(desk, browser))
    places = [
        said.index(one) for one in ("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "Đã họp giao ban 02 lần.", "II. KẾT QUẢ CHUNG")
    ]
    assert places == sorted(places)
    assert any(one.startswith("Tổng số nhiệm vụ UBND tỉnh giao: 2 nhiệm vụ") for one in said)
    assert "Dứt điểm việc quá hạn." in said and "Tổng số 01 nhiệm vụ quá hạn" in " ".join(said)


def test_a_report_goes_to_the_leader_back_and_through(desk, browser):
    address = written_draft(desk, browser)
    page = browser.submit("Trình lãnh đạo")
    assert "đang chờ lãnh đạo duyệt" in page and not list(page.all("textarea"))
    page = browser.acts_as(desk.leader).get(address)
    assert "Đã họp giao ban 02 lần." in page
    page = browser.submit("Trả lại", expect=422)
    assert "reason" in page.complaints_shown() and "Đã họp giao ban 02 lần." in page
    assert "Bị trả lại, cần sửa" in browser.submit("Trả lại", reason="Thiếu kiến nghị")
    page = browser.acts_as(desk.monitor).get(address)
    assert "Thiếu kiến nghị" in page
    browser.submit("Lưu dự thảo", **{"w-kien-nghi": "Bổ sung kinh phí."})
    browser.submit("Trình lãnh đạo")
    browser.acts_as(desk.leader).get(address)
    page = browser.submit("Duyệt báo cáo")
    assert "Nguyễn Đức Hải duyệt lúc" in page and "Lãnh đạo đã duyệt" in browser.get("/reports/drafts")


def test_what_was_approved_stays_as_it_was_approved(desk, browser):
    address = written_draft(desk, browser)
    browser.submit("Trình lãnh đạo")
    browser.acts_as(desk.leader).get(address)
    browser.submit("Duyệt báo cáo")
    approved = browser.get(f"{address}/paper.docx").data
    deciding.cancel(desk.given[0], "Thôi", "2/TB", by=desk.issuer, now=now(), policy=POLICY)
    db.session.expire_all()
    assert browser.get(f"{address}/paper.docx").data == approved
    browser.acts_as(desk.issuer).get(address)
    browser.post(address, {"signing": "tm", "w-chi-dao": "Khác"}, expect=409)
    browser.acts_as(desk.leader).get(address)
    assert "Sai số" in browser.submit("Trả lại", reason="Sai số"), "an approved report can still be given back"
    assert browser.get(f"{address}/paper.docx").data != approved


def test_the_writer_takes_it_back_before_the_leader_decides(desk, browser):
    address = written_draft(desk, browser)
    browser.submit("Trình lãnh đạo")
    page = browser.submit("Rút lại để sửa")
    assert list(page.all("textarea")) and "Đang soạn" in page
    browser.post(f"{address}/recall", {}, expect=409)


def test_what_is_unwritten_is_asked_for_at_its_heading(desk, browser):
    browser.acts_as(desk.issuer).get("/reports/drafts/new")
    browser.submit("Bắt đầu soạn", outline=FULL, as_of=f"{today():%d/%m/%Y}")
    page = browser.submit("Trình lãnh đạo", expect=422, **{"w-don-vi": "Xã A làm tốt."})
    assert set(page.complaints_shown()) == {"w-chi-dao", "w-danh-gia", "w-trong-tam"} and "Xã A làm tốt." in page.html


def test_a_report_of_a_closed_period_keeps_its_figures(desk, browser):
    period = free(desk.start, today() - timedelta(days=7))
    one = close(Scope(desk.province, period=period), by=desk.issuer, now=now(), policy=POLICY)
    browser.acts_as(desk.issuer).get(f"/reports/closed/{one.id}")
    browser.click("Soạn báo cáo từ bản chốt")
    page = browser.submit("Bắt đầu soạn")
    before = words_of(browser, page.url)
    assert any(f"bản chốt số {one.number}" in said for said in before)
    deciding.cancel(desk.given[0], "Thôi", "2/TB", by=desk.issuer, now=now(), policy=POLICY)
    assert words_of(browser, page.url) == before


def test_the_provinces_draft_and_a_units_draft_are_each_ones_own(desk, browser):
    address = written_draft(desk, browser)
    browser.acts_as(desk.chair).get(address, expect=404)
    other = somebody(a_province("P2", "Tỉnh Khác"), Role.ISSUER)
    browser.acts_as(other).get(address, expect=404)
    browser.acts_as(desk.leader).get("/reports/drafts/new", expect=403)
    browser.acts_as(desk.issuer).post(f"{address}/decision", {"decision": "approve"}, expect=403)


def test_rules_hold_below_the_pages_too(desk):
    with pytest.raises(NotFound):
        begin(desk.commune, DEFAULT_WHOLE, today(), by=desk.issuer, now=now())
    with pytest.raises(Invalid):
        begin(desk.province, "nhiem-vu-duoc-giao", today(), by=desk.issuer, now=now())
    with pytest.raises(Invalid):
        begin(desk.commune, DEFAULT_WHOLE, today(), by=desk.chair, now=now())
    one = desk.begun(outline=DEFAULT_WHOLE)
    with pytest.raises(Forbidden):
        put_up(one, by=desk.leader, now=now())
    put_up(one, by=desk.issuer, now=now())
    with pytest.raises(Refused, match="rút lại trước"):
        save(one, {"chung": Words("Thêm")}, FORMAL, by=desk.issuer, now=now())
    take_back(one, by=desk.monitor, now=now())
    save(one, {"chung": Words("Thêm")}, FORMAL, by=desk.issuer, now=now())
    assert stage(one) is Stage.WRITING
    assert [event.deed for event in events("report_draft", one.id)] == ["begin", "put_up", "take_back", "save"]


def test_who_wrote_a_report_does_not_approve_it(desk, tmp_path):
    """A person may hold two posts; the one who wrote it may not be the one who lets it out."""
    twice = dataclasses.replace(desk.issuer, role=Role.LEADER)
    one = desk.begun(outline=DEFAULT_WHOLE)
    put_up(one, by=desk.issuer, now=now())
    with pytest.raises(Refused, match="không tự duyệt"):
        approve(one, b"PK", "x.docx", folder=tmp_path, by=twice, now=now())
    assert stage(one) is Stage.WITH_LEADER and not list(tmp_path.iterdir())


def test_outlines_of_the_consolidated_report_hold_every_computed_section():
    assert [one.key for one in outlines("province")] == [DEFAULT_WHOLE, FULL]
    for one in outlines("province"):
        assert {part.fills for part in one.parts} >= {"general", "units", "overdue", "proposals"}
