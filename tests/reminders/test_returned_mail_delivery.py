"""Mail that comes back: a dead address is written to no more and seen by people, a full mailbox is tried again."""

from __future__ import annotations

import os
from datetime import timedelta
from mailbox import Maildir

import pytest
import sqlalchemy as sa
import time_machine
from builders import an_assignment, at, somebody
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from mailing import HEAD, MANNER, SENDER, address_of, in_hands
from sqlalchemy.exc import OperationalError

from tracker.accounts.actions import set_contact
from tracker.accounts.models import Person
from tracker.app import gather_commands
from tracker.cli import commands
from tracker.cli import typed as by_the_clock
from tracker.db import atomic, db
from tracker.health import note_ending
from tracker.reminders.actions import tick, write_plan
from tracker.reminders.beats import UNUSED
from tracker.reminders.channels.bounces import Verdict, read, return_path, status_in, verdict_of
from tracker.reminders.channels.email import MailServer
from tracker.reminders.models import Address, Message, Notice
from tracker.reminders.pulse import beat
from tracker.reminders.queries import plan
from tracker.reminders.returns import take_back
from tracker.rules.access import Role

NOW = at("2026-06-17 07:05")
GIVEN = at("2026-01-05 08:00")
BACK_TO = "tra-lai@dondoc.example"
TOKEN = "0123456789abcdef" * 2


def returned(token=TOKEN, *, status="5.1.1", action="failed", said="550 5.1.1 User unknown", to=None, quoted=""):
    """A delivery status notification as Postfix writes it."""
    return f"""\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: {to or f"tra-lai+{token}@dondoc.example"}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Wed, 17 Jun 2026 07:05:01 +0700

Final-Recipient: rfc822; ai-do@an-binh.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--=_b
Content-Type: text/rfc822-headers

From: khong-tra-loi@dondoc.example
Message-ID: <{quoted}>

--=_b--
""".encode()


# Reading.


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        ("5.1.1", "550 5.1.1 User unknown", Verdict.DEAD),
        ("5.1.2", "Host or domain name not found", Verdict.DEAD),
        ("5.1.10", "recipient domain accepts no mail", Verdict.DEAD),
        ("5.2.1", "mailbox disabled", Verdict.DEAD),
        ("5.0.0", "550 No such user here", Verdict.DEAD),
        ("5.1.0", "550 Address unknown", Verdict.DEAD),
        ("5.1.0", "550 Sender rejected", Verdict.REFUSED),
        ("5.1.8", "550 5.1.8 Sender address rejected", Verdict.REFUSED),
        ("5.0.0", "550 Message blocked", Verdict.REFUSED),
        ("5.7.1", "550 5.7.1 Blocked by policy, user unknown to us", Verdict.REFUSED),
        ("5.3.4", "552 5.3.4 Message too big", Verdict.REFUSED),
        ("5.2.2", "552 5.2.2 Mailbox full", Verdict.WAITS),
        ("4.2.2", "452 4.2.2 Mailbox full", Verdict.WAITS),
        ("4.4.7", "delivery time expired", Verdict.WAITS),
    ],
)
def test_only_what_can_never_arrive_kills_an_address(status, said, verdict):
    assert verdict_of(status, said) is verdict
    assert read(returned(status=status, said=said)).verdict is verdict


@pytest.mark.parametrize(
    ("said", "status"),
    [("550 5.1.1 unknown", "5.1.1"), ("550 no such mailbox", "5.0.0"), ("451 later", "4.0.0"), ("?", "5.0.0")],
)
def test_a_status_is_found_in_the_words_of_a_server(said, status):
    assert status_in(said) == status


def test_a_return_path_is_of_one_letter_and_tells_which():
    assert return_path(BACK_TO, f"<{TOKEN}@dondoc.example>") == f"tra-lai+{TOKEN}@dondoc.example"
    assert read(returned()).token == TOKEN


def test_a_return_to_another_address_is_known_by_the_message_id_it_quotes():
    found = read(returned(to="khong-tra-loi@dondoc.example", quoted=f"{TOKEN}@dondoc.example"))
    assert found.token == TOKEN


def test_a_letter_still_under_way_is_no_loss():
    assert read(returned(action="delayed", status="4.4.1")).verdict is Verdict.DELAYED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00" * 50,
        b"From: a@b.example\r\nAuto-Submitted: auto-replied\r\nSubject: out of office\r\n\r\nBack on Monday",
        returned().replace(b"delivery-status", b"disposition-notification"),
        returned(action="delivered", status="2.0.0"),
        returned().replace(b"Content-Type: message/delivery-status", b"Content-Type: text/plain"),
        returned()[:400],
    ],
)
def test_what_is_no_return_is_none(raw):
    assert read(raw) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 200), st.binary(max_size=6)), max_size=4))
def test_no_message_can_make_the_reader_fail(cuts):
    raw = returned()
    for place, length, instead in cuts:
        begin = int(place * len(raw))
        raw = raw[:begin] + instead + raw[begin + length :]
    read(raw)


# What follows.


@pytest.fixture
def work(house):
    """One assignment in the officer's hands, of which a letter went out on 17/06."""
    assignment = in_hands(house)
    house.tick(NOW)
    return assignment


def the_message():
    return db.session.scalars(sa.select(Message)).one()


def bounce(**said):
    message = the_message()
    found = read(returned(message.message_key.strip("<>").partition("@")[0], **said))
    return take_back(found, NOW + timedelta(minutes=1))


def states():
    query = sa.select(Notice.state, Notice.outcome).where(Notice.channel == "email").order_by(Notice.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_nothing_more_is_sent_to_an_address_that_does_not_exist(house, work):
    bounce()
    assert the_message().state == "bounced"
    assert states() == [("bounced", "550 5.1.1 User unknown")]
    assert db.session.scalars(sa.select(Address.address)).all() == [address_of(house.officer)]
    house.tick(at("2026-06-19 07:05"))
    house.tick(at("2026-06-23 07:05"))
    assert len(house.postbox.to(house.officer)) == 1
    assert len(house.postbox.to(house.leader)) == 1
    assert "due_in_3" in set(db.session.scalars(sa.select(Notice.rung).where(Notice.channel == "inapp")))


def test_what_waits_for_a_dead_address_is_dropped_and_says_why(house, work):
    write_plan(plan(at("2026-06-19 05:00"), MANNER), at("2026-06-19 05:00"))
    bounce()
    house.tick(at("2026-06-19 07:05"))
    assert states()[1] == ("dropped", "Địa chỉ thư điện tử của người nhận không nhận được thư")


def test_another_address_begins_with_a_clean_slate(house, work):
    bounce()
    set_contact(
        db.session.get_one(Person, house.officer.person_id),
        email="moi@an-binh.example",
        phone="",
        wants_email=True,
        digest_at=None,
        now=NOW,
    )
    house.tick(at("2026-06-19 07:05"))
    assert house.postbox.letters[-1]["To"].addresses[0].addr_spec == "moi@an-binh.example"


def test_a_full_mailbox_waits_and_gets_the_same_letter_later(house, work):
    bounce(status="5.2.2", said="552 5.2.2 Mailbox full")
    assert states() == [("waiting", "552 5.2.2 Mailbox full")]
    assert house.tick(NOW + timedelta(minutes=3))["sent"] == 0
    assert house.tick(NOW + timedelta(minutes=7))["sent"] == 1
    assert len({letter["Message-ID"] for letter in house.postbox.letters}) == 1
    assert db.session.scalars(sa.select(Address)).all() == []


def test_a_mailbox_that_stays_full_is_given_up_without_killing_the_address(house, work):
    with atomic():
        the_message().attempts = 10
    bounce(status="4.2.2", said="452 4.2.2 Mailbox full")
    assert the_message().state == "bounced"
    assert db.session.scalars(sa.select(Address)).all() == []


def test_a_letter_refused_for_its_content_says_nothing_about_the_address(house, work):
    bounce(status="5.7.1", said="550 5.7.1 Blocked by policy")
    assert states() == [("bounced", "550 5.7.1 Blocked by policy")]
    assert house.tick(at("2026-06-19 07:05"))["sent"] == 2


def test_a_delay_changes_nothing_but_is_noted(house, work):
    bounce(action="delayed", status="4.4.1", said="connection timed out")
    assert (the_message().state, the_message().error) == ("sent", "connection timed out")


def test_the_same_return_twice_changes_nothing(house, work):
    bounce()
    first = states()
    bounce(status="4.2.2")
    assert states() == first


def test_nobody_can_kill_an_address_without_knowing_a_letter(house, work):
    for token in ("", "f" * 32, "%" * 32, "_" * 32):
        found = read(returned(token))
        assert found is None or take_back(found, NOW) is None
    assert db.session.scalars(sa.select(Address)).all() == []


def test_an_address_refused_at_the_door_is_dead_as_well(house):
    an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN)
    house.postbox.refuse[address_of(house.leader)] = "550 5.1.1 <nguoi> no such user"
    assert house.tick(at("2026-06-23 07:05"))["failed"] == 1
    assert db.session.scalars(sa.select(Address.address)).all() == [address_of(house.leader)]
    assert house.tick(at("2026-06-24 07:05"))["planned"] == 1


# The doors.


def typed(app, *arguments, text=b"", code=0):
    gather_commands(commands)
    done = CliRunner().invoke(commands, arguments, obj=app, input=text)
    assert done.exit_code == code, done.output
    return done.output.strip()


def test_a_return_may_be_piped_to_the_command(app, house, work):
    key = the_message().message_key.strip("<>").partition("@")[0]
    with time_machine.travel(NOW, tick=False):
        said = typed(app, "reminders", "bounce", text=returned(key))
        assert said.startswith(f"{address_of(house.officer)}: địa chỉ không nhận được thư")
        assert "Không phải" in typed(app, "reminders", "bounce", text=b"hello", code=os.EX_DATAERR)
        assert "Không nhận ra" in typed(app, "reminders", "bounce", text=returned(), code=os.EX_DATAERR)


def test_a_return_that_cannot_be_written_down_now_is_to_come_again(app, work, monkeypatch):
    def dead(*_anything):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr("tracker.reminders.commands.take_back", dead)
    assert "gửi lại" in typed(app, "reminders", "bounce", text=returned(), code=os.EX_TEMPFAIL)


def test_a_mailbox_is_read_once_and_nothing_in_it_is_lost(app, house, work, tmp_path, monkeypatch):
    box = Maildir(tmp_path / "tra-lai")
    key = the_message().message_key.strip("<>").partition("@")[0]
    box.add(returned(key))
    box.add(b"Subject: hello\n\nA person wrote.")
    monkeypatch.setitem(app.extensions, "settings", _with_maildir(app, str(tmp_path / "tra-lai")))
    assert len(typed(app, "reminders", "bounce", "--mailbox").splitlines()) == 2
    assert typed(app, "reminders", "bounce", "--mailbox") == ""
    assert len(Maildir(tmp_path / "tra-lai")) == 2
    assert "hello" in [one["Subject"] for one in box]


def _with_maildir(app, folder):
    settings = app.extensions["settings"]
    return type(settings)(**{**vars(settings), "mail_bounce_maildir": folder})


def test_without_a_mailbox_the_clock_job_says_so_and_is_not_ill(app, database):
    assert "Chưa cấu hình" in typed(app, "reminders", "bounce", "--mailbox", code=os.EX_CONFIG)
    assert by_the_clock(["reminders", "bounce", "--mailbox"], app) == UNUSED


@pytest.mark.parametrize("what", ["nowhere", "a folder that is none", "a file"])
def test_a_mailbox_that_is_none_is_said_to_who_looks_after_the_house(
    browser, app, house, tmp_path, monkeypatch, what
):
    (tmp_path / "a folder that is none").mkdir()
    (tmp_path / "a file").touch()
    monkeypatch.setitem(app.extensions, "settings", _with_maildir(app, str(tmp_path / what)))
    with time_machine.travel(NOW, tick=False):
        said = by_the_clock(["reminders", "bounce", "--mailbox"], app)
        assert said.startswith("không chạy: Không đọc được hộp thư trả lại")
        beat(NOW, "")
        note_ending("returned mail", said, now=NOW)
        page = browser.acts_as(somebody(house.province, Role.ADMINISTRATOR)).get("/start")
        assert "Việc hẹn giờ «đọc thư trả lại» lúc 07:05 hôm nay: không chạy: Không đọc được" in page


def test_the_person_sees_that_letters_come_back_and_can_use_the_address_again(browser, house, work):
    bounce()
    page = browser.acts_as(house.officer).get("/account")
    assert "Địa chỉ không nhận được thư." in page and "550 5.1.1 User unknown" in page
    page = browser.submit("Dùng lại địa chỉ này")
    assert "Địa chỉ không nhận được thư." not in page
    house.tick(at("2026-06-19 07:05"))
    assert len(house.postbox.to(house.officer)) == 2


def test_administrators_see_whose_letters_come_back(browser, house, work):
    bounce()
    admin = somebody(house.province, Role.ADMINISTRATOR)
    assert "(thư bị trả lại)" in browser.acts_as(admin).get("/people")
    page = browser.get(f"/people/{house.officer.person_id}")
    assert "Địa chỉ không nhận được thư." in page
    assert "sẽ lại được gửi tới" in browser.submit("Dùng lại địa chỉ này")
    assert "(thư bị trả lại)" not in browser.get("/people")


def test_each_letter_leaves_under_a_return_path_of_its_own(house, work):
    paths = []
    original = house.postbox.handle_RCPT

    async def noted(server, session, envelope, address, options):
        paths.append(envelope.mail_from)
        return await original(server, session, envelope, address, options)

    house.postbox.handle_RCPT = noted
    with MailServer(house.postbox.url, SENDER, 2, BACK_TO) as server:
        tick(at("2026-06-23 07:05"), MANNER, HEAD, server)
    keys = [letter["Message-ID"] for letter in house.postbox.letters[1:]]
    assert paths == [return_path(BACK_TO, key) for key in keys] and len(set(paths)) == 2
