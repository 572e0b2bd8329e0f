"""Silence over an area: nothing of the ladder is said, news is, and afterwards each hears once and the truth."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, a_province, an_assignment, at, somebody
from mailing import GIVEN, reachable

from tracker.db import db
from tracker.errors import Invalid, NotFound, Refused
from tracker.history.queries import events
from tracker.reminders.models import Notice, Silence
from tracker.reminders.nudging import nudge
from tracker.reminders.settling import lift, silence
from tracker.reminders.silent import silence_notes
from tracker.rules.access import Role

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-15 08:00")


def storm(house, unit=None, until=date(2026, 6, 20), now=NOW):
    return silence(unit or house.commune, now.date(), until, "Bão số 5", by=house.monitor, now=now)


def test_nothing_is_said_during_a_storm_and_once_the_truth_after_it(house, work):
    storm(house, until=date(2026, 6, 21))
    for day in (17, 19, 21):
        assert house.tick(at(f"2026-06-{day} 08:00"))["planned"] == 0
    assert house.tick(at("2026-06-22 08:00")) == {"planned": 2, "sent": 2, "dropped": 0, "failed": 0, "waiting": 0}
    assert house.postbox.taken() == ["Còn 2 ngày (24/06): Báo cáo kết quả – xã An Bình"]


def test_a_letter_that_was_planned_before_waits_for_the_end_of_the_storm(house, work):
    house.tick(at("2026-06-17 06:00"))
    storm(house, now=at("2026-06-17 06:30"))
    house.tick(at("2026-06-17 08:00"))
    (mail,) = db.session.scalars(sa.select(Notice).where(Notice.channel == "email"))
    assert house.postbox.letters == [] and (mail.state, mail.send_after) == ("waiting", at("2026-06-22 07:00"))


def test_what_waited_may_leave_when_the_silence_is_lifted(house, work):
    house.tick(at("2026-06-17 06:00"))
    one = storm(house, now=at("2026-06-17 06:30"))
    house.tick(at("2026-06-17 08:00"))
    lift(one, by=house.monitor, now=at("2026-06-17 14:00"))
    assert house.tick(at("2026-06-17 14:00"))["sent"] == 1
    with pytest.raises(Refused):
        lift(one, by=house.monitor, now=at("2026-06-17 14:05"))
    assert [event.deed for event in events("silence", one.id)] == ["begin", "lift"]


def test_news_and_nudges_are_told_all_the_same(house, work):
    storm(house)
    an_assignment(house.commune, house.issuer, due="2026-06-24", on=NOW)
    nudge(work, "Báo cáo thiệt hại", by=house.monitor, now=NOW, policy=POLICY)
    house.tick(at("2026-06-17 08:00"))
    rungs = set(db.session.scalars(sa.select(Notice.rung)))
    assert rungs == {"assigned", "nudged"}


def test_the_commune_next_door_is_reminded_and_a_province_silences_all_of_its_communes(house, work):
    storm(house, until=date(2026, 6, 17))
    other = a_commune(house.province, "C2", "Xã Sơn Hà")
    reachable(other, Role.COMMUNE_LEADER, "Người bên cạnh")
    an_assignment(other, house.issuer, due="2026-06-24", on=GIVEN)
    house.tick(at("2026-06-17 08:00"))
    assert len(house.postbox.letters) == 1
    storm(house, unit=house.province, until=date(2026, 6, 30), now=at("2026-06-18 08:00"))
    assert house.tick(at("2026-06-19 08:00"))["planned"] == 0


@pytest.mark.parametrize(("since", "until"), [(15, 14), (10, 14), (20, 19)])
def test_a_period_that_is_past_or_runs_backwards_is_refused(house, since, until):
    with pytest.raises(Invalid) as refused:
        silence(
            house.commune, date(2026, 6, since), date(2026, 6, until), "Bão", by=house.monitor, now=NOW
        )  # fmt: skip
    assert list(refused.value.fields) == ["until_on"]


@pytest.mark.parametrize("since", [date(2027, 6, 16), date(2100, 12, 31), date.max])
def test_a_storm_that_is_more_than_a_year_away_is_a_slip_of_the_pen(house, since):
    silence(house.commune, date(2027, 6, 15), date(2027, 6, 20), "Mùa bão", by=house.monitor, now=NOW)
    with pytest.raises(Invalid) as refused:
        silence(house.commune, since, since, "Bão", by=house.monitor, now=NOW)
    assert list(refused.value.fields) == ["from_on"]


def test_nobody_silences_for_ever_or_another_province(house):
    with pytest.raises(Invalid):
        storm(house, until=date(2026, 8, 14))
    with pytest.raises(NotFound):
        storm(house, unit=a_province("P2", "Tỉnh Khác"))


# ── what reports say of it ───────────────────────────────────────────────────


STORM = "Tạm ngừng nhắc việc tại Xã An Bình từ ngày 15/06/2026 đến ngày 20/06/2026 (lý do: Bão số 5)."


def test_a_report_of_the_commune_and_of_its_province_tells_of_the_silence_on_its_days_only(house):
    storm(house)
    for unit in (house.commune, house.province):
        assert silence_notes(unit, None, date(2026, 6, 14)) == []
        assert silence_notes(unit, None, date(2026, 6, 15)) == silence_notes(unit, None, date(2026, 6, 20)) == [STORM]
        assert silence_notes(unit, None, date(2026, 6, 21)) == []
        assert silence_notes(unit, date(2026, 6, 1), date(2026, 6, 30)) == [STORM]
    next_door = a_commune(house.province, "C2", "Xã Sơn Hà")
    assert silence_notes(next_door, None, date(2026, 6, 16)) == []


def test_a_silence_over_the_province_is_told_in_the_report_of_each_commune(house):
    storm(house, unit=house.province)
    assert "tại Tỉnh Thử từ ngày" in silence_notes(house.commune, None, date(2026, 6, 16))[0]


def test_communes_silent_for_the_same_days_and_reason_share_a_sentence(house):
    storm(house)
    storm(house, unit=a_commune(house.province, "C2", "Xã Sơn Hà"))
    (one,) = silence_notes(house.province, None, date(2026, 6, 16))
    assert "tại Xã An Bình, Xã Sơn Hà từ ngày 15/06/2026" in one


def test_what_is_begun_or_lifted_later_changes_no_report_of_an_older_day(house):
    one = storm(house)
    lift(one, by=house.monitor, now=at("2026-06-17 14:00"))
    assert silence_notes(house.commune, None, date(2026, 6, 16)) == [STORM]
    assert "đến ngày 17/06/2026" in silence_notes(house.commune, None, date(2026, 6, 17))[0]
    assert silence_notes(house.commune, None, date(2026, 6, 18)) == []
    silence(house.commune, date(2026, 6, 10), date(2026, 6, 25), "Lũ", by=house.monitor, now=at("2026-06-19 08:00"))
    assert silence_notes(house.commune, None, date(2026, 6, 16)) == [STORM]
    assert "tại Xã An Bình từ ngày 19/06/2026 đến" in silence_notes(house.commune, None, date(2026, 6, 20))[0]


def test_a_silence_that_was_lifted_before_it_began_is_not_told(house):
    one = silence(house.commune, date(2026, 6, 18), date(2026, 6, 20), "Bão", by=house.monitor, now=NOW)
    lift(one, by=house.monitor, now=at("2026-06-16 08:00"))
    assert silence_notes(house.commune, date(2026, 6, 1), date(2026, 6, 30)) == []


@pytest.mark.parametrize("path", ["/reports", "/briefing", "/communes/C1"])
def test_the_pages_of_figures_tell_of_the_silence_beside_them(browser, house, work, path):
    storm(house)
    assert STORM in browser.acts_as(house.monitor).get(path)


def test_the_communes_own_report_tells_of_it(browser, house, work):
    storm(house)
    assert STORM in browser.acts_as(house.leader).get("/reports")


# ── the page ─────────────────────────────────────────────────────────────────


def test_a_silence_is_begun_on_its_page_and_seen_in_the_outbox(browser, house, work):
    browser.acts_as(house.monitor).get("/outbox")
    page = browser.click("Tạm ngừng nhắc")
    assert page.heading == "Tạm ngừng nhắc"
    page = browser.submit(
        "Tạm ngừng nhắc", unit=str(house.commune.id), until_on="20/06/2026", reason="Bão số 5, mất liên lạc"
    )
    assert "Đã tạm ngừng nhắc ở Xã An Bình đến hết 20/06/2026." in page and "Phạm Thị Dung" in page
    assert "Bão số 5, mất liên lạc" in browser.get("/outbox")


def test_a_silence_is_lifted_on_its_page(browser, house):
    one = storm(house)
    browser.acts_as(house.monitor).get("/silences")
    assert "Đã nhắc trở lại" in browser.submit("Nhắc trở lại ở Xã An Bình")
    page = browser.post(f"/silences/{one.id}/lifting")
    assert "đã kết thúc" in page


def test_what_is_missing_is_complained_of_at_its_field(browser, house):
    browser.acts_as(house.monitor).get("/silences")
    page = browser.submit("Tạm ngừng nhắc", until_on="hôm kia", expect=422)
    assert set(page.complaints_shown()) == {"until_on", "reason"}


def test_the_silence_of_another_province_is_not_there(browser, house):
    one = storm(house)
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR)
    page = browser.acts_as(stranger).get("/silences")
    assert "Bão số 5" not in page
    assert browser.knock("POST", f"/silences/{one.id}/lifting") == 404
    assert db.session.get_one(Silence, one.id, populate_existing=True).lifted_at is None
