"""How the province reminds: settled on a page over the settings, looked at before, in force at the next tick."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from builders import POLICY, a_commune, a_province, an_assignment, at, somebody
from mailing import GIVEN, LADDER, reachable

from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.errors import Forbidden
from tracker.history.queries import events
from tracker.reminders.manner import Manner
from tracker.reminders.models import Notice, Override
from tracker.reminders.queries import cadence_in_force, own_cadences, plan
from tracker.reminders.settling import settle
from tracker.rules.access import Role
from tracker.rules.cadences import written
from tracker.rules.reminding import Cadence

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-15 08:00")


@pytest.fixture
def keeper(house):
    return somebody(house.province, Role.ADMINISTRATOR, "Quản trị")


def typed(**changed):
    return {**written(Cadence()), **changed}


def days_of(page):
    """The forecast, by day."""
    return {row[0]: row[1:] for row in page.rows() if row[0][-4:].isdecimal()}


def overrides():
    return {one.field: one.value for one in db.session.scalars(sa.select(Override))}


def test_only_what_differs_from_the_settings_is_kept(house, keeper):
    settle(typed(days_before="10, 5", digest_at="7h30"), Cadence(), by=keeper, now=NOW)
    assert overrides() == {"days_before": "10, 5", "digest_at": "07:30"}
    settle(typed(digest_at="07:30"), Cadence(), by=keeper, now=NOW)
    assert overrides() == {"digest_at": "07:30"}
    assert [one.details for one in events("reminding", house.province.id)][-1] == {"digest_at": "07:30"}


def test_a_settled_rung_is_in_force_at_the_next_tick_and_changed_settings_shine_through(house, keeper, work):
    assert plan(NOW, Manner(POLICY, Cadence(), email=False)) == []
    settle(typed(days_before="9, 1"), Cadence(), by=keeper, now=NOW)
    in_force = cadence_in_force(Cadence(monitor_after_days=4), house.province.path)
    assert (in_force.days_before, in_force.monitor_after_days) == ((9, 1), 4)
    assert [one.rung for one in plan(NOW, Manner(POLICY, in_force, email=False))] == ["due_in_9"]


def test_only_administrators_settle_it(house):
    with pytest.raises(Forbidden):
        settle(typed(), Cadence(), by=house.monitor, now=NOW)


def test_the_page_shows_what_the_next_fourteen_days_bring_and_to_whom(browser, house, keeper, work):
    page = browser.acts_as(keeper).get("/reminding")
    assert page.heading == "Cách nhắc"
    rows = days_of(page)
    assert len(rows) == 14
    assert rows["T4 17/06/2026"] == ["Còn 7 ngày: 1 → cán bộ được phân công", "1"]
    assert rows["T5 25/06/2026"][0] == "Quá hạn 1 ngày: 1 → cán bộ được phân công, lãnh đạo đơn vị chủ trì"


def test_a_house_that_sends_mail_shows_of_how_many_units_leaders_hear_how_they_stand(
    browser, app, house, keeper, work, monkeypatch
):
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail_smtp_url="smtp://a"))
    page = browser.acts_as(keeper).get("/reminding")
    assert days_of(page)["T5 25/06/2026"] == [
        "Quá hạn 1 ngày: 1 → cán bộ được phân công, lãnh đạo đơn vị chủ trì "
        "Tình hình hằng ngày của đơn vị: 1 đơn vị → lãnh đạo đơn vị chủ trì",
        "1",
    ]


def test_a_look_before_saving_changes_nothing(browser, house, keeper, work):
    browser.acts_as(keeper).get("/reminding")
    page = browser.submit("Xem trước", days_before="5")
    rows = days_of(page)
    assert rows["T4 17/06/2026"] == ["–", "0", "1"]
    assert rows["T6 19/06/2026"] == ["Còn 5 ngày: 1 → cán bộ được phân công, lãnh đạo đơn vị chủ trì, đơn vị phối hợp", "1", "1"]  # fmt: skip  # noqa: E501
    assert overrides() == {}


def test_saving_says_so_and_names_who_settled_it(browser, house, keeper, work):
    browser.acts_as(keeper).get("/reminding")
    page = browser.submit("Lưu", days_before="5, 2")
    assert "Đã lưu cách nhắc" in page and "Đã đặt riêng: Quản trị" in page and "mặc định 7, 3, 1" in page
    assert overrides() == {"days_before": "5, 2"}


@pytest.mark.parametrize("button", ["Lưu", "Xem trước"])
def test_wrong_figures_are_complained_of_at_their_fields_and_kept(browser, keeper, button):
    browser.acts_as(keeper).get("/reminding")
    page = browser.submit(button, days_before="mai", leader_after_days="2", expect=422)
    assert set(page.complaints_shown()) == {"days_before"} and 'value="mai"' in page.html
    page = browser.submit(button, days_before="7", leader_after_days="2", expect=422)
    assert set(page.complaints_shown()) == {"leader_after_days"}


def test_a_monitor_looks_and_does_not_save(browser, house):
    page = browser.acts_as(house.monitor).get("/reminding")
    assert "Xem trước" in page and "Lưu" not in [" ".join(one.itertext()).strip() for one in page.all("button")]


# ── everybody's own hour ─────────────────────────────────────────────────────


def test_a_person_chooses_the_hour_of_the_digest(browser, house, work):
    browser.acts_as(house.officer).get("/account")
    browser.submit("Lưu", digest_at="09:30")
    assert db.session.get_one(Person, house.officer.person_id).digest_at.isoformat() == "09:30:00"
    house.tick(at("2026-06-17 07:05"))
    (mail,) = db.session.scalars(sa.select(Notice).where(Notice.channel == "email"))
    assert (mail.state, mail.send_after) == ("waiting", at("2026-06-17 09:30"))
    assert house.tick(at("2026-06-17 09:30"))["sent"] == 1


def test_an_hour_that_the_province_does_not_allow_is_refused(browser, house):
    browser.acts_as(house.officer).get("/account")
    page = browser.post("/account", {"digest_at": "22:00"}, expect=422)
    assert list(page.complaints_shown()) == ["digest_at"]


# ── who hears what by which channel ──────────────────────────────────────────


def said_to(moment, defaults=Cadence()):  # noqa: B008
    """What a plan would say by which channel to whom, with every province's own way."""
    planned = plan(moment, Manner(POLICY, defaults, email=True, own=own_cadences(defaults)))
    return {(one.rung, one.person_name, one.channel.value) for one in planned}


def test_the_page_reads_out_who_hears_what_by_which_channel(browser, house, keeper):
    page = browser.acts_as(keeper).get("/reminding")
    matrix = {row[0]: row[1:] for row in page.rows() if row[0] == "Quá hạn"}
    assert matrix["Quá hạn"] == ["Ứng dụng, thư, Zalo", "Ứng dụng, thư, Zalo", "–", "–", "–"]


def test_one_cell_is_settled_and_the_rest_follows_the_default(browser, house, keeper, work):
    browser.acts_as(keeper).get("/reminding")
    browser.click("Sắp đến hạn")
    page = browser.submit("Lưu", **{"due_in.officer": "inapp", "due_in.monitor": "inapp email"})
    assert "Đã lưu cách nhắc" in page and "• Trong ứng dụng" in page
    assert overrides() == {"due_in.monitor": "inapp email", "due_in.officer": "inapp"}
    assert said_to(at("2026-06-17 08:00")) == {
        ("due_in_7", "Lê Quốc Cường", "inapp"),
        ("due_in_7", house.issuer.name, "inapp"),
        ("due_in_7", house.issuer.name, "email"),
    }


def test_a_look_at_a_kind_says_who_would_hear_and_saves_nothing(browser, house, keeper, work):
    browser.acts_as(keeper).get("/reminding?kind=due_in")
    page = browser.submit("Xem trước", **{"due_in.monitor": "inapp"})
    assert days_of(page)["T4 17/06/2026"][0] == "Còn 7 ngày: 1 → cán bộ được phân công, chuyên viên theo dõi"
    assert overrides() == {}


def test_a_kind_that_nobody_would_hear_is_refused_at_its_field(browser, house, keeper):
    browser.acts_as(keeper).get("/reminding?kind=due_in")
    page = browser.submit("Lưu", expect=422, **{"due_in.officer": ""})
    assert list(page.complaints_shown()) == ["due_in.officer"] and overrides() == {}


def test_a_kind_that_does_not_exist_is_not_there(browser, house, keeper):
    assert browser.acts_as(keeper).knock("GET", "/reminding?kind=nonsense") == 404


def test_each_province_reminds_its_own_way(house, keeper, work):
    other = a_province("P2", "Tỉnh Khác")
    commune = a_commune(other, "C2", "Xã Xa")
    leader = reachable(commune, Role.COMMUNE_LEADER, "Đinh Văn Xa")
    an_assignment(commune, somebody(other, Role.ISSUER, "Giao Khác"), due="2026-06-24", on=GIVEN)
    settle({"days_before": "9, 1"}, Cadence(), by=keeper, now=NOW)
    settle({"days_before": "9, 2"}, Cadence(), by=somebody(other, Role.ADMINISTRATOR), now=NOW)
    settle({"due_in.officer": "inapp"}, Cadence(), by=keeper, now=NOW)
    assert said_to(NOW) == {
        ("due_in_9", "Lê Quốc Cường", "inapp"),
        ("due_in_9", leader.name, "inapp"),
        ("due_in_9", leader.name, "email"),
    }
    assert {one for one in said_to(at("2026-06-22 08:00"), LADDER) if one[2] == "email"} == {
        ("due_in_2", leader.name, "email")
    }


def test_what_was_settled_above_holds_below_until_it_is_settled_there(house):
    below = a_commune(house.province, "S1", "Sở Thử")
    settle({"opens_at": "07:30", "digest_at": "08:00"}, Cadence(), by=somebody(house.province, Role.ADMINISTRATOR), now=NOW)  # fmt: skip  # noqa: E501
    with atomic():
        db.session.add(Override(unit_id=below.id, field="digest_at", value="09:00", by_name="", at=NOW))
    found = own_cadences(Cadence())
    assert [(one.opens_at.hour, one.digest_at.hour) for one in (found[house.province.path], found[below.path])] == [(7, 8), (7, 9)]  # fmt: skip  # noqa: E501
    assert found[below.path] == cadence_in_force(Cadence(), below.path)
