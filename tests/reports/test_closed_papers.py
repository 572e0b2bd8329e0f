"""Papers of a closed period are made of what was frozen: later events, words and days off change none of them."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import openpyxl
import pytest
from builders import POLICY, a_commune, a_directive, a_document, a_province, an_assignment, at, somebody
from click.testing import CliRunner
from papers import AS_OF, MADE_AT, Province, day, paper
from test_closing import House

from tracker.calendars.queries import working_calendar
from tracker.clock import today
from tracker.db import atomic, db
from tracker.directives.models import Directive
from tracker.errors import Invalid, NotFound, Refused
from tracker.reminders.settling import silence
from tracker.reports.closing import close
from tracker.reports.commands import commands
from tracker.reports.documents.commune import Formalities
from tracker.reports.documents.frozen import frozen_figures, frozen_whole
from tracker.reports.documents.writing import FORMATS, OF_CLOSED, Wish, composed_from, written
from tracker.reports.models import Snapshot, SnapshotRow
from tracker.reports.queries import Scope, difference_since, figures
from tracker.reports.queries.snapshots import fingerprint, is_whole, row_count
from tracker.reports.reading import report_text
from tracker.rules.access import Role
from tracker.rules.arithmetic import Verdict, check_text
from tracker.rules.periods import free
from tracker.rules.rates import Box, DoesNotAddUp
from tracker.tasks import actions, deciding, proposing
from tracker.tasks.queries import Day
from tracker.units.actions import rename

pytestmark = pytest.mark.usefixtures("database")
SPRING = free(date(2026, 2, 1), AS_OF)
CLOSED_AT = at("2026-05-18 07:00")


@pytest.fixture
def province(database):
    return Province()


def closed(province, unit=None) -> Snapshot:
    told = {"by": province.issuer, "now": CLOSED_AT, "policy": POLICY}
    return close(Scope(unit or province.unit, period=SPRING), reason="Chốt lại", **told)


def made(kind, one, **wished):
    return composed_from(kind, one, Day(one.cutoff_on, working_calendar(), POLICY), Wish(Formalities(2026), **wished))


def words(of, folder, form="docx"):
    path = folder / f"x.{form}"
    path.write_bytes(written(of, form, made_at=MADE_AT))
    return report_text(path)


def late_events(province):
    """All that may come after a closing: decisions, a return, new work, other words, other names, late documents."""
    actions.report_progress(
        a_task(province, "Rà soát quy hoạch"), "Nay nêu lý do", "staff", by=province.slow, **day("2026-05-19")
    )
    deciding.send_back(a_task(province, "Triển khai mạng 5G"), "Thiếu", by=province.issuer, **day("2026-05-19"))
    deciding.reopen(a_task(province, "Số hóa hồ sơ"), "Sai", "3/TB", by=province.issuer, **day("2026-05-20"))
    deciding.cancel(a_task(province, "Xây dựng bản đồ số"), "Thôi", "4/TB", by=province.issuer, **day("2026-05-20"))
    province.given(province.late, None, "Việc mới", "2026-07-01", on="2026-05-18 09:00")
    document = a_document(province.busy)
    with atomic():
        document.doc_symbol, document.doc_on, document.added_at = "99/BC-UBND", AS_OF, at("2026-05-25 08:00")
        for one in db.session.query(Directive):
            one.doc_symbol = f"Sửa-{one.doc_symbol}"
        for one in province.tasks_of(province.busy):
            one.task.content = "Đã sửa lời"
    admin = somebody(province.unit, Role.ADMINISTRATOR)
    rename(province.late, "Phường Tên Mới", "NQ", date(2026, 5, 21), by=admin, now=at("2026-05-21 08:00"))
    db.session.expire_all()


def a_task(province, beginning):
    found = [one for unit in (province.busy, province.late) for one in province.tasks_of(unit)]
    return next(one for one in found if one.task.content.startswith(beginning))


@pytest.mark.parametrize("kind", OF_CLOSED)
def test_later_events_change_no_word_of_a_closed_paper(province, kind, tmp_path):
    one = closed(province, province.busy if kind == "commune" else None)
    before = words(made(kind, one), tmp_path)
    number = one.id
    late_events(province)
    again = db.session.get(Snapshot, number)
    assert words(made(kind, again), tmp_path) == before
    assert is_whole(again)


def test_a_closed_paper_names_its_number_its_moment_and_the_rules(province, tmp_path):
    one = closed(province)
    for kind in ("province", "urge"):
        said = words(made(kind, one), tmp_path)
        assert (
            f"bản chốt số {one.number}, chốt lúc 07:00 ngày 18/05/2026, cách tính phiên bản {one.rules_version}"
            in said
        )


def test_on_the_day_of_closing_the_frozen_papers_say_what_the_live_ones_say(province, tmp_path):
    for kind, unit in (("commune", province.busy), ("province", province.unit), ("urge", province.unit)):
        one = closed(province, unit)
        live = words(paper(kind, unit, period=SPRING, today=date(2026, 5, 18)), tmp_path)
        frozen = [line for line in words(made(kind, one), tmp_path).split("\n") if "bản chốt số" not in line]
        assert [line for line in frozen if line] == [line for line in live.split("\n") if line]


@pytest.mark.parametrize("kind", ["commune", "province", "urge"])
def test_a_closed_paper_keeps_where_nobody_was_reminded(province, kind, tmp_path):
    told = {"by": somebody(province.unit, Role.MONITOR), "now": at("2026-05-16 08:00")}
    storm = silence(province.late, date(2026, 5, 16), date(2026, 5, 20), "Bão số 2", **told)
    one = closed(province, province.late if kind == "commune" else province.unit)
    before = words(made(kind, one), tmp_path)
    assert (
        "(Tạm ngừng nhắc việc tại Phường Sơn Hà từ ngày 16/05/2026 đến ngày 20/05/2026 (lý do: Bão số 2).)" in before
    )
    with atomic():
        db.session.delete(storm)
    assert words(made(kind, one), tmp_path) == before


def test_frozen_figures_are_the_figures_of_the_day(province):
    one = closed(province)
    counted = figures(
        Scope(province.unit, period=SPRING), Day(AS_OF, working_calendar(), POLICY), today=CLOSED_AT.date()
    )
    frozen = frozen_figures(one)
    assert frozen.sentence == counted.sentence
    assert all(getattr(frozen.tally, box) == getattr(counted.tally, box) for box in (*Box, "pending", "standing"))
    whole = frozen_whole(one, Day(AS_OF, working_calendar(), POLICY))
    assert (
        sum(tally.total for _, tally in whole.units) == counted.tally.total == sum(t.total for _, t in whole.papers)
    )
    assert "Xã Vắng" in whole.idle


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize("kind", OF_CLOSED)
def test_closed_papers_come_in_every_form_and_the_checker_passes_them(province, kind, form, tmp_path):
    one = closed(province, province.busy if kind == "commune" else None)
    content = written(made(kind, one), form, made_at=MADE_AT)
    path = tmp_path / f"x.{form}"
    path.write_bytes(content)
    if form == "xlsx":
        book = openpyxl.load_workbook(path)
        assert any(one.number in str(cell.value) for row in book["Nội dung"].iter_rows() for cell in row)
        return
    found = check_text(report_text(path), CLOSED_AT.date())
    assert [s.why for s in found.statements if s.verdict in (Verdict.INCONSISTENT, Verdict.TRUNCATED)] == []


def test_a_row_that_was_taken_away_stops_the_printing(province):
    one = closed(province)
    with atomic():
        db.session.query(SnapshotRow).filter_by(snapshot_id=one.id, box="open_overdue").delete()
    with pytest.raises(DoesNotAddUp):
        made("province", one)


def test_nobody_is_urged_by_a_closing_without_overdue_work_and_the_sheet_is_of_the_day(province):
    one = closed(province, province.busy)
    with pytest.raises(Refused, match="không cần công văn đôn đốc"):
        made("urge", one)
    with pytest.raises(Invalid, match="Bản chốt chỉ lập được"):
        made("giao-ban", one)
    with pytest.raises(Invalid, match="không dùng cho"):
        made("province", closed(province), outline="nq57-thai-nguyen")


def test_a_closing_from_before_there_were_such_papers_still_prints_and_is_still_whole(province, tmp_path):
    """An older row kept no cause and no cited paper; its hash was taken over what it had."""
    one = closed(province)
    with atomic():
        one.beside = {}
        nothing = dict.fromkeys(("task_id", "directive_id", "unit_kind", "due_text", "cause", "outcome"))
        db.session.query(SnapshotRow).filter_by(snapshot_id=one.id).update(nothing)
        db.session.flush()
        one.fingerprint = fingerprint(one)
    db.session.expire_all()
    assert one.fingerprint == as_it_was_hashed(one)
    said = words(made("province", one), tmp_path)
    assert "Phường Sơn Hà" in said and "12/KH-UBND" in said


def as_it_was_hashed(one):
    """The hash as closings before the papers took it."""
    digest = hashlib.sha256(json.dumps(one.figures, ensure_ascii=False, sort_keys=True).encode())
    columns = [column.name for column in SnapshotRow.__table__.columns if column.name != "snapshot_id"][:11]
    rows = db.session.query(SnapshotRow).filter_by(snapshot_id=one.id).order_by(SnapshotRow.assignment_id)
    for row in rows:
        digest.update("\x1f".join(str(getattr(row, name)) for name in columns).encode() + b"\x1e")
    return digest.hexdigest()


def test_what_communes_propose_upward_stands_in_no_list_behind_the_figures(database):
    house = House()
    wish = proposing.Wish("Cấp kinh phí số hóa", "7/BC-UBND", date(2026, 3, 9))
    asked = proposing.propose_upward(wish, by=house.leader, now=at("2026-03-10 08:00"))
    proposing.accept_proposal(asked, house.province, date(2026, 3, 20), by=house.issuer, now=at("2026-03-11 08:00"))
    one = house.close()
    assert one.figures["total"] == row_count(one, box="counted") == 7
    assert difference_since(one, Day(date(2026, 4, 2), working_calendar(), POLICY), today=date(2026, 5, 1)).rows == []


def test_the_terminal_writes_from_a_closing_by_its_number(province, tmp_path):
    one = closed(province)
    file = tmp_path / "x.docx"

    def run(*more):
        return CliRunner().invoke(commands, ["write", "--kind", "province", "--to", str(file), *more])

    assert run("--unit", province.unit.code, "--closed", one.number).exit_code == 0
    assert one.number in report_text(file)
    assert isinstance(run("--unit", province.busy.code, "--closed", one.number).exception, NotFound)
    assert run("--unit", province.unit.code, "--closed", one.number, "--as-of", "2026-05-17").exit_code == 2


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def recent(browser):
    """A closing of last month over work of which some is overdue."""
    province = a_province()
    commune = a_commune(province)
    issuer, leader = somebody(province, Role.ISSUER), somebody(commune, Role.COMMUNE_LEADER)
    start = today() - timedelta(days=40)
    directive = a_directive(province, "77/KH-UBND", issued_on=start)
    for n in (-20, 5):
        an_assignment(commune, issuer, due=str(today() + timedelta(n)), on=at(f"{start} 08:00"), directive=directive)
    period = free(start, today() - timedelta(days=7))
    options = {"now": at(f"{today()} 07:00"), "policy": POLICY}
    whole = close(Scope(province, period=period), by=issuer, **options)
    own = close(Scope(commune, period=period), by=leader, **options)
    return {"issuer": issuer, "leader": leader, "province": province, "whole": whole.id, "own": own.id}


def test_the_closed_page_offers_its_papers_and_a_unit_gets_its_report_alone(recent, browser):
    page = browser.acts_as(recent["issuer"]).get(f"/reports/closed/{recent['whole']}")
    hrefs = [one.get("href") for one in page.all("a")]
    for kind in ("province", "urge"):
        for form in FORMATS:
            href = f"/reports/closed/{recent['whole']}/papers/{kind}.{form}"
            assert href in hrefs
            assert len(browser.get(href).data) > 1000
    page = browser.acts_as(recent["leader"]).get(f"/reports/closed/{recent['own']}")
    assert f"/reports/closed/{recent['own']}/papers/commune.pdf" in [one.get("href") for one in page.all("a")]
    assert browser.get(f"/reports/closed/{recent['own']}/papers/commune.pdf").data.startswith(b"%PDF")
    browser.get(f"/reports/closed/{recent['own']}/papers/urge.docx", expect=403)
    browser.get(f"/reports/closed/{recent['whole']}/papers/commune.docx", expect=404)
    browser.acts_as(recent["issuer"]).get(f"/reports/closed/{recent['whole']}/papers/giao-ban.docx", expect=404)


def test_a_report_is_written_from_a_closed_period(recent, browser):
    browser.acts_as(recent["leader"]).get(f"/reports/closed/{recent['own']}")
    browser.click("Soạn báo cáo từ bản chốt")
    page = browser.submit("Bắt đầu soạn")
    assert "Số liệu theo bản chốt" in page and "chốt lúc 07:00" in page
    assert len(browser.get(f"{page.url}/paper.docx").data) > 1000
