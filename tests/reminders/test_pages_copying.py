"""«Sao chép nội dung nhắc»: the same words wherever they are offered, to those who may remind, of what is true."""

from __future__ import annotations

import pytest
from builders import POLICY, a_commune, a_document, an_assignment, at, somebody
from mailing import GIVEN, in_hands

from tracker.rules.access import Role
from tracker.tasks import actions

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-26 08:00")
OFFERED = "Sao chép nội dung nhắc"


def text_of(page):
    """The words to copy."""
    (area,) = page.all("textarea")
    return "".join(area.itertext()).strip()


def test_one_assignment_reads_as_on_its_own_page(browser, house, work):
    browser.acts_as(house.monitor)
    said = text_of(browser.get(f"/reminder-text?ids={work.id}"))
    assert said.startswith("Kính gửi Xã An Bình,\nQuá hạn 2 ngày (hạn 24/06/2026): Báo cáo kết quả")
    assert "Lê Quốc Cường" in said and said == text_of(browser.get(f"/assignments/{work.id}"))


def test_a_commune_hears_of_all_that_is_overdue_of_it_and_of_nothing_else(browser, house, work):
    in_hands(house, due="2026-06-25")
    in_hands(house, due="2026-07-10")
    an_assignment(a_commune(house.province, "C2", "Xã Sơn Hà"), house.issuer, due="2026-06-24", on=GIVEN)
    browser.acts_as(house.chair)
    said = text_of(browser.get(f"/reminder-text?unit={house.commune.id}"))
    assert "có 2 việc đề nghị" in said and "Xã An Bình (2 việc):" in said and "Sơn Hà" not in said
    listed = text_of(browser.get(f"/assignments?view=overdue&unit={house.commune.id}"))
    assert said == listed, "the list and the row of the commune say the same"


def test_what_was_handed_in_is_not_urged(browser, house, work):
    actions.write_result(work, "Xong", [a_document(house.commune)], by=house.leader, now=NOW, policy=POLICY)
    page = browser.acts_as(house.monitor).get(f"/reminder-text?ids={work.id}")
    assert "không cần nhắc" in page and not list(page.all("textarea"))


def test_it_is_for_those_who_remind_and_of_their_own_work(browser, house, work):
    browser.acts_as(house.officer).get(f"/reminder-text?ids={work.id}", expect=403)
    other = a_commune(house.province, "C2", "Xã Sơn Hà")
    page = browser.acts_as(somebody(other, Role.COMMUNE_LEADER)).get(f"/reminder-text?ids={work.id}")
    assert not list(page.all("textarea"))
    browser.acts_as(house.monitor).get("/reminder-text", expect=404)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("leader", "/work"),
        ("leader", "/notifications"),
        ("leader", "/nudges/new?assignment_id={id}"),
        ("chair", "/notifications"),
        ("monitor", "/outbox"),
        ("monitor", "/communes"),
        ("monitor", "/communes/C1"),
        ("chair", "/briefing"),
    ],
)
def test_each_place_leads_to_words_that_can_be_copied(browser, house, work, who, path):
    house.tick(NOW)
    house.tick(at("2026-07-02 08:00"))
    browser.acts_as(getattr(house, who))
    page = browser.get(path.format(id=work.id))
    links = [one.get("href") for one in page.all("a") if one.get("data-fetch") == "#copied"]
    assert links, f"{path} offers nothing to copy"
    said = text_of(browser.get(links[0]))
    assert "Báo cáo kết quả" in said and "Xã An Bình" in said


@pytest.mark.parametrize("path", ["/work", "/notifications"])
def test_an_officer_is_not_offered_words_to_remind_others(browser, house, work, path):
    house.tick(NOW)
    assert OFFERED not in browser.acts_as(house.officer).get(path)


def test_a_leader_is_not_offered_to_remind_of_what_waits_for_the_leader(browser, house, work):
    actions.write_result(work, "Xong", [a_document(house.commune)], by=house.officer, now=NOW, policy=POLICY)
    assert OFFERED not in browser.acts_as(house.leader).get("/work")
