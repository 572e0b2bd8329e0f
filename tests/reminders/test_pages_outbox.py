"""The outbox: what was expected, what became of it and why; another chance for what failed; and the alarm."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders import a_commune, at, somebody
from mailing import address_of

from tracker.db import atomic, db
from tracker.history.queries import events
from tracker.reminders.channels.bounces import Bounce, Verdict, token_of, verdict_of
from tracker.reminders.models import Message, Notice
from tracker.reminders.outbox import ENDINGS, Narrowed, runs
from tracker.reminders.pulse import beat
from tracker.reminders.returns import take_back
from tracker.rules.access import Role

pytestmark = pytest.mark.usefixtures("that_day")
NOW = at("2026-06-17 10:00")
SEVEN = at("2026-06-17 07:05")


@pytest.fixture
def watcher(house):
    return somebody(house.province, Role.ADMINISTRATOR, "Quản trị")


def bounced(house):
    """The mail server refuses a letter to the officer for good; the address lives."""
    house.postbox.refuse[address_of(house.officer)] = "554 5.7.1 Message rejected"
    house.tick(SEVEN)
    beat(NOW, "")


def mail_states():
    db.session.expire_all()
    return [state for (state,) in db.session.execute(sa.select(Notice.state).where(Notice.channel == "email"))]


def test_the_outbox_says_what_was_sent_to_whom_by_which_channel_and_why(browser, house, work, watcher):
    house.tick(SEVEN)
    page = browser.acts_as(watcher).get("/outbox")
    assert page.heading == "Hộp gửi"
    mail, inbox = sorted(page.rows(), key=lambda row: row[3] != "thư điện tử")
    assert "Lê Quốc Cường" in mail[1] and mail[3] == "thư điện tử" and mail[4].startswith("đã gửi 17/06 07:05")
    assert inbox[3] == "trong ứng dụng" and "Còn 7 ngày, hạn 24/06/2026; cán bộ được phân công" in inbox[2]
    assert "07:05 hôm nay" in page and "đã lập 2" in page and "gửi 2" in page


def test_what_ought_to_have_been_planned_and_was_not_is_counted_when_asked(browser, house, work, watcher):
    page = browser.acts_as(watcher).get("/outbox")
    assert "Chưa có" not in page.text and "chưa có" in page
    assert "Lẽ ra đã phải lập mà chưa có1" in browser.click("Kiểm tra").text


def test_what_failed_says_why_and_gets_another_chance(browser, house, work, watcher):
    bounced(house)
    page = browser.acts_as(watcher).get("/outbox?state=failed")
    ((_, _, _, _, ending),) = page.rows()
    assert ending.startswith("không gửi được") and "Message rejected" in ending
    house.postbox.refuse.clear()
    page = browser.submit(f"/outbox/{db.session.scalar(sa.select(Message.id))}/resending")
    assert "hàng chờ gửi lại" in page and mail_states() == ["waiting"]
    assert house.tick(NOW)["sent"] == 1
    assert len(house.postbox.letters) == 1 and mail_states() == ["sent"]
    assert [event.deed for event in events("message", db.session.scalar(sa.select(Message.id)))] == ["resend"]


def test_all_that_failed_is_sent_again_at_once(browser, house, work, watcher):
    bounced(house)
    browser.acts_as(watcher).get("/outbox")
    page = browser.submit("Gửi lại 1 thư lỗi, bị trả lại")
    assert "Đã đưa 1 thư vào hàng chờ gửi lại." in page and mail_states() == ["waiting"]


def came_back(house, status, said):
    """The officer's letter was taken and came back afterwards."""
    house.tick(SEVEN)
    beat(NOW, "")
    key = db.session.scalar(sa.select(Message.message_key))
    verdict = verdict_of(status, said)
    take_back(Bounce(token_of(key), verdict, said), NOW)


def test_a_letter_refused_on_the_way_gets_another_chance_while_its_address_lives(browser, house, work, watcher):
    came_back(house, "5.7.1", "550 5.7.1 Message looks like spam")
    page = browser.acts_as(watcher).get("/outbox?state=bounced")
    assert page.rows()[0][4].startswith("bị trả lại")
    assert "hàng chờ gửi lại" in browser.submit(f"/outbox/{db.session.scalar(sa.select(Message.id))}/resending")
    assert house.tick(NOW)["sent"] == 1 and mail_states() == ["sent"]
    first, second = house.postbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    take_back(Bounce(token_of(first["Message-ID"]), Verdict.REFUSED, "550 5.7.1 again"), NOW)
    assert mail_states() == ["bounced"]
    browser.get("/outbox")
    assert "Đã đưa 1 thư vào hàng chờ gửi lại." in browser.submit("Gửi lại 1 thư lỗi, bị trả lại")


def test_a_letter_to_a_dead_address_is_not_sent_again(browser, house, work, watcher):
    came_back(house, "5.1.1", "550 5.1.1 User unknown")
    page = browser.acts_as(watcher).get("/outbox")
    assert "bị trả lại" in page and "Gửi lại" not in page
    page = browser.post(f"/outbox/{db.session.scalar(sa.select(Message.id))}/resending", expect=409)
    assert f"Địa chỉ {address_of(house.officer)} không nhận được thư" in page


@pytest.mark.parametrize(
    ("ending", "word"), [("bounced", "trả lại 1"), ("unknown", "chưa rõ 1"), ("failed", "lỗi 1")]
)
def test_the_numbers_of_a_run_add_up_to_what_it_planned(browser, house, work, watcher, ending, word):
    house.tick(SEVEN)
    with atomic():
        db.session.execute(sa.update(Notice).where(Notice.channel == "email").values(state=ending))
    page = browser.acts_as(watcher).get("/outbox")
    assert "đã lập 2" in page and "gửi 1" in page and word in page
    (run,) = runs(watcher, Narrowed(at("2026-06-17 00:00"), at("2026-06-18 00:00")))
    assert run.planned == sum(getattr(run, state) for state in ENDINGS) == 2


def test_when_a_message_arrived_is_seen_for_it_its_run_and_its_channel(browser, house, work, watcher):
    house.tick(SEVEN)
    with atomic():
        db.session.execute(sa.update(Message).values(delivered_at=at("2026-06-17 07:12")))
    page = browser.acts_as(watcher).get("/outbox?q=le+quoc+cuong")
    mail = next(row for row in page.rows() if row[3] == "thư điện tử")
    assert "đã nhận 17/06 07:12" in mail[4]
    assert "gửi 2, trong đó đã nhận 1" in page and "Trong đó đã nhận1" in page.text


def test_a_message_that_was_sent_is_not_sent_again(browser, house, work, watcher):
    house.tick(SEVEN)
    browser.acts_as(watcher).get("/outbox")
    message_id = db.session.scalar(sa.select(Message.id))
    page = browser.post(f"/outbox/{message_id}/resending", expect=409)
    assert "Chỉ gửi lại được thư không gửi được, bị trả lại hoặc chưa rõ đã nhận." in page


def test_a_monitor_of_another_province_finds_nothing(browser, house, work):
    from builders import a_province

    bounced(house)
    stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR, "Người lạ")
    page = browser.acts_as(stranger).get("/outbox")
    assert page.rows() == []
    assert browser.knock("POST", f"/outbox/{db.session.scalar(sa.select(Message.id))}/resending") == 404


def test_filters_narrow_by_person_channel_state_days_and_run(browser, house, work, watcher):
    house.tick(SEVEN)
    browser.acts_as(watcher)
    for query, number in [
        ("q=le+quoc+cuong", 2),
        ("q=pham", 0),
        ("channel=email", 1),
        ("state=dropped", 0),
        ("since=16/06/2026&until=16/06/2026", 0),
        ("since=01/06/2026&until=30/06/2026", 2),
        (f"run={SEVEN.isoformat().replace('+', '%2B')}", 2),
        ("run=sai", 2),
    ]:
        assert len(browser.get(f"/outbox?{query}").rows()) == number, query


def test_a_day_that_is_none_is_complained_of_at_its_field(browser, watcher):
    page = browser.acts_as(watcher).get("/outbox?since=hôm+kia", expect=422)
    assert list(page.complaints_shown()) == ["since"]


@pytest.mark.parametrize("asked", ["since=01/01/0001", "until=31/12/9999", "since=31/12/9999", "until=01/01/0001"])
def test_a_day_that_nothing_can_be_counted_from_is_complained_of_at_its_field(browser, watcher, asked):
    page = browser.acts_as(watcher).get(f"/outbox?{asked}", expect=422)
    assert page.complaints_shown() == {asked.partition("=")[0]: "Năm phải từ 1900 đến 2100."}


@pytest.mark.parametrize("asked", ["since=01/01/1900", "until=31/12/2100", "run=9999-12-31T23:59-12:00"])
def test_the_first_and_the_last_day_may_be_asked_for(browser, watcher, asked):
    browser.acts_as(watcher).get(f"/outbox?{asked}")


def test_a_run_of_the_page_leads_to_its_notices(browser, house, work, watcher):
    house.tick(SEVEN)
    browser.acts_as(watcher).get("/outbox")
    assert len(browser.click("07:05 hôm nay").rows()) == 2


# ── the alarm ────────────────────────────────────────────────────────────────


def test_nothing_is_wrong_while_the_clock_beats(browser, house, work, watcher):
    house.tick(NOW - timedelta(minutes=5))
    assert "Xem hộp gửi" not in browser.acts_as(watcher).get("/start")


def test_a_tick_that_never_ran_and_one_that_stopped_are_told(browser, house, watcher):
    assert "Nhắc việc chưa chạy lần nào." in browser.acts_as(watcher).get("/start")
    house.tick(SEVEN)
    assert "Nhắc việc không chạy từ 07:05 hôm nay." in browser.get("/start")
    assert "Nhắc việc không chạy" in browser.acts_as(house.monitor).get("/notifications")
    assert browser.click("Xem hộp gửi").heading == "Hộp gửi"


@pytest.mark.parametrize("who", ["leader", "officer", "chair", "issuer"])
def test_others_are_not_alarmed(browser, house, who):
    assert "Nhắc việc chưa chạy" not in browser.acts_as(getattr(house, who)).get("/notifications")


def test_what_waits_longer_than_three_hours_is_told(browser, house, work, watcher):
    house.tick(SEVEN)
    beat(NOW, "")
    for waits_since, told in [(at("2026-06-17 07:01"), False), (at("2026-06-17 06:59"), True)]:
        with atomic():
            db.session.execute(
                sa.update(Notice).where(Notice.channel == "email").values(state="waiting", send_after=waits_since)
            )
        assert ("Có thông báo chờ gửi từ 06:59 hôm nay." in browser.acts_as(watcher).get("/start")) is told


def test_a_server_that_is_away_is_told_and_one_bad_address_is_not(browser, house, work, watcher):
    house.postbox.refuse[address_of(house.officer)] = "550 5.1.1 No such user"
    house.tick(NOW)
    assert "đang không gửi được" not in browser.acts_as(watcher).get("/start")
    other = somebody(a_commune(house.province, "C9", "Xã Xa"), Role.COMMUNE_LEADER)
    with atomic():
        db.session.add(
            Message(
                person_id=other.person_id,
                channel="email",
                day=NOW.date(),
                kind="digest",
                state="waiting",
                claimed_at=NOW,
                error="Máy chủ thư không trả lời",
            )
        )
    assert "Kênh thư điện tử đang không gửi được." in browser.get("/start")


def letters(person, number, **values):
    """So many letters by mail, alike."""
    common = {"person_id": person.person_id, "channel": "email", "day": NOW.date(), "kind": "news", "claimed_at": NOW}
    with atomic():
        db.session.add_all(Message(**{**common, **values}) for _ in range(number))


@pytest.mark.parametrize(
    ("refused", "sent", "told"),
    [(2, 0, False), (3, 0, True), (3, 1, True), (3, 12, True), (3, 13, False), (30, 99, True)],
)
def test_refusals_are_told_by_what_they_weigh_beside_what_was_taken(browser, house, watcher, refused, sent, told):
    """One letter that was taken within the hour does not make good thousands that were not."""
    beat(NOW, "")
    letters(house.officer, refused, state="failed", attempts=1, error="554 5.7.1 rejected")
    letters(house.officer, sent, state="sent", attempts=1, sent_at=NOW)
    said = f"Kênh thư điện tử: {refused} trong {refused + sent} thư của một giờ qua chưa gửi được."
    assert (said in browser.acts_as(watcher).get("/start")) is told


@pytest.mark.parametrize(("minutes", "told"), [(6, True), (4, False)])
def test_a_server_is_away_until_a_letter_leaves_after_it_was_tried_in_vain(browser, house, watcher, minutes, told):
    beat(NOW, "")
    tried = NOW - timedelta(minutes=5)
    letters(house.officer, 1, state="waiting", attempts=0, claimed_at=tried, error="ConnectionRefusedError")
    letters(house.officer, 1, state="sent", attempts=1, sent_at=NOW - timedelta(minutes=minutes))
    page = browser.acts_as(watcher).get("/start")
    assert ("Kênh thư điện tử đang không gửi được." in page) is told


def test_a_beat_from_the_future_says_nothing_of_the_present(browser, house, watcher):
    beat(at("2030-01-01 08:00"), "")
    assert "Nhịp của nhắc việc ghi ở tương lai" in browser.acts_as(watcher).get("/start")
