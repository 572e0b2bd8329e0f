"""The letter of the week: once for every leader, with the report's own figures, made good when Monday was missed."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine
from builders import a_province, an_assignment, at, somebody
from click.testing import CliRunner
from mailing import HEAD, MANNER, SENDER, address_of
from pypdf import PdfReader

from tracker.accounts.models import Person
from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db, forget
from tracker.reminders.channels.email import MailServer
from tracker.reminders.commands import commands
from tracker.reminders.letters.messages import Week
from tracker.reminders.models import Message, Notice
from tracker.reminders.weekly import send_weekly, waiting_weekly
from tracker.reports.queries import Scope, figures
from tracker.rules.access import Role
from tracker.rules.deadlines import Policy
from tracker.tasks.queries import Day

GIVEN = at("2026-01-05 08:00")
MONDAY = "2026-06-22"


@pytest.fixture(autouse=True)
def one_reader(house):
    """The monitor wants no mail unless a test says so."""
    wants_mail(house.monitor, False)


def wants_mail(user, wish):
    with atomic():
        db.session.get_one(Person, user.person_id).wants_email = wish


@pytest.fixture
def work(house):
    """Two assignments, one of them overdue since Friday and one long overdue."""
    return [an_assignment(house.commune, house.issuer, due=due, on=GIVEN) for due in ("2026-06-19", "2026-04-20")]


def week(_unit_id):
    return Week(26, "Tỉnh Thử", at(f"{MONDAY} 07:00"), "Tổng số nhiệm vụ …", "81,3%", 127, 14, ["Xã An Bình: 9 việc"])


def sent(house, now, week_of=week):
    with MailServer(house.postbox.url, SENDER, timeout_seconds=2) as server:
        ended = send_weekly(MANNER, HEAD, server, week_of, lambda: at(now))
    waiting = Counter(waiting=waiting_weekly())
    forget()
    return dict(+(ended + waiting))


def typed(app, house, now):
    """The command as the clock types it, against this mail server."""
    before = app.extensions["settings"]
    app.extensions["settings"] = before.__class__(**{**vars(before), "mail_smtp_url": house.postbox.url})
    try:
        result = CliRunner().invoke(commands, ["weekly", "--at", now, "--json"])
        forget()
    finally:
        app.extensions["settings"] = before
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_leader_gets_one_letter_a_week_and_nobody_else_does(house):
    assert sent(house, f"{MONDAY} 07:00") == {"sent": 1}
    assert sent(house, f"{MONDAY} 07:10") == {} == sent(house, "2026-06-25 09:00")
    assert house.postbox.taken() == ["Giao ban tuần 26: 127 quá hạn (+14), 81,3% hoàn thành"]
    assert len(house.postbox.to(house.chair)) == 1
    assert sent(house, "2026-06-29 07:00") == {"sent": 1}


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("2026-06-22 06:59", 0),
        ("2026-06-22 20:00", 0),
        ("2026-06-23 06:40", 0),
        ("2026-06-24 14:00", 1),
        ("2026-06-27 09:00", 0),
    ],
)
def test_a_monday_that_was_missed_is_made_good_in_working_hours(house, now, number):
    assert sent(house, now).get("sent", 0) == number


def test_it_leaves_at_the_hour_that_the_leader_chose(house):
    with atomic():
        db.session.get_one(Person, house.chair.person_id).digest_at = at("2026-06-22 09:00").time()
    assert sent(house, f"{MONDAY} 08:55") == {"waiting": 1}
    assert sent(house, f"{MONDAY} 09:00") == {"sent": 1}


def test_who_follows_the_work_gets_it_too_and_is_told_as_what(house):
    wants_mail(house.monitor, True)
    assert sent(house, f"{MONDAY} 07:00") == {"sent": 2}
    (letter,) = house.postbox.to(house.monitor)
    assert "vì đồng chí là chuyên viên theo dõi của cơ quan giao việc." in letter.get_body(("plain",)).get_content()


def test_who_does_not_want_mail_gets_none(house):
    with atomic():
        db.session.get_one(Person, house.chair.person_id).wants_email = False
    assert sent(house, f"{MONDAY} 07:00") == {}


def test_a_letter_that_is_put_off_goes_again_under_the_same_message_id(house):
    house.postbox.after_data = "451 try later"
    assert sent(house, f"{MONDAY} 07:00") == {"waiting": 1}
    key = db.session.scalar(sa.select(Message.message_key))
    assert sent(house, f"{MONDAY} 07:01") == {"waiting": 1}
    house.postbox.after_data = ""
    assert sent(house, f"{MONDAY} 07:10") == {"sent": 1}
    assert [letter["Message-ID"] for letter in house.postbox.letters] == [key]


def test_a_letter_that_is_refused_is_not_tried_again(house):
    house.postbox.refuse[address_of(house.chair)] = "550 no such user"
    assert sent(house, f"{MONDAY} 07:00") == {"failed": 1}
    assert sent(house, f"{MONDAY} 08:00") == {}


def test_one_who_is_sending_is_left_alone_and_one_who_died_is_replaced(house):
    sent(house, f"{MONDAY} 07:00")
    with atomic():
        db.session.execute(sa.update(Message).values(state="sending"))
        db.session.execute(sa.update(Notice).values(state="sending"))
    assert sent(house, f"{MONDAY} 07:10") == {"waiting": 1}
    assert sent(house, f"{MONDAY} 07:31") == {"sent": 1}


def test_the_figures_are_those_of_the_report(app, house, work):
    assert typed(app, house, f"{MONDAY}T07:00") == {"sent": 1, "waiting": 0, "failed": 0}
    (letter,) = house.postbox.letters
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    day = Day(at(f"{MONDAY} 07:00").date(), working_calendar(), Policy())
    assert figures(Scope(house.province), day, today=day.on).sentence in text
    assert letter["Subject"] == "Giao ban tuần 26: 2 quá hạn (+1), 0% hoàn thành"
    assert "Quá hạn: 2 nhiệm vụ, tăng 1 so với tuần trước" in text
    assert "Xã An Bình: 2 việc, lâu nhất 63 ngày" in text


def test_the_sheet_of_the_meeting_goes_with_it_on_one_page(app, house, work):
    typed(app, house, f"{MONDAY}T07:00")
    (paper,) = house.postbox.letters[0].iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == ("Giao-ban-tuan-26.pdf", "application/pdf")
    assert len(PdfReader(BytesIO(paper.get_content())).pages) == 1
    assert "Kèm theo: tờ giao ban một trang (PDF)." in house.postbox.letters[0].get_body(("plain",)).get_content()


def test_a_leader_who_left_or_a_week_that_is_over_gets_nothing_and_the_outbox_says_why(house):
    house.postbox.after_data = "451 try later"
    sent(house, f"{MONDAY} 07:00")
    house.postbox.after_data = ""
    assert sent(house, "2026-06-29 07:00") == {"sent": 1, "dropped": 1}
    with atomic():
        db.session.get_one(Person, house.chair.person_id).wants_email = False
    assert sent(house, "2026-07-06 07:00") == {}
    outcomes = db.session.execute(sa.select(Notice.due_on, Notice.state, Notice.outcome).order_by(Notice.due_on))
    assert [tuple(row)[1:] for row in outcomes] == [("dropped", "Tuần đã qua"), ("sent", "")]


def test_it_is_a_row_of_the_outbox_and_goes_again_when_somebody_says_so(app, browser, house, work):
    house.postbox.refuse[address_of(house.chair)] = "554 5.7.1 not wanted today"
    assert typed(app, house, f"{MONDAY}T07:00")["failed"] == 1
    watcher = somebody(house.province, Role.ADMINISTRATOR, "Quản trị")
    with time_machine.travel(at(f"{MONDAY} 08:00"), tick=False):
        page = browser.acts_as(watcher).get("/outbox")
        assert "Giao ban tuần 26: Tỉnh Thử" in page and "not wanted today" in page
        house.postbox.refuse.clear()
        browser.submit(f"/outbox/{db.session.scalar(sa.select(Message.id))}/resending")
    assert typed(app, house, f"{MONDAY}T08:10")["sent"] == 1
    (row,) = json.loads(CliRunner().invoke(commands, ["outbox", "--json"]).output)
    assert (row["assignment"], row["unit"], row["rung"], row["due_on"], row["state"]) == (
        None,
        "P1",
        "week",
        None,
        "sent",
    )
    assert row["message_id"] == house.postbox.letters[0]["Message-ID"]


def test_nobody_of_another_province_sees_it(browser, house):
    sent(house, f"{MONDAY} 07:00")
    with time_machine.travel(at(f"{MONDAY} 08:00"), tick=False):
        stranger = somebody(a_province("P2", "Tỉnh Khác"), Role.MONITOR)
        assert browser.acts_as(stranger).get("/outbox").rows() == []


def test_without_a_mail_server_nothing_leaves(house):
    result = CliRunner().invoke(commands, ["weekly", "--at", f"{MONDAY}T07:00"])
    assert "đã gửi 0" in result.output
