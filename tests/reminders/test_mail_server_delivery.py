"""What a mail server sees of us: one connection, one pace, one thread for each matter; its moods are lived with."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from builders import POLICY, a_document, an_assignment, at
from forking import ended_well, forked
from mailing import HEAD, MANNER, SENDER, Postbox, address_of, free_port, reachable
from mailoffice import MailOffice

from tracker.db import db, forget
from tracker.reminders.actions import tick
from tracker.reminders.channels.bounces import token_of
from tracker.reminders.channels.email import MailServer
from tracker.reminders.manner import Pace
from tracker.reminders.models import Message, Notice
from tracker.rules.access import Role
from tracker.tasks.actions import delegate, write_result
from tracker.tasks.deciding import send_back

NOW = at("2026-06-24 07:05")
GIVEN = at("2026-01-05 08:00")


class Moody(Postbox):
    """A postbox that counts its callers and may hang up after a letter, before one, or at one address."""

    def __init__(self, mood=""):
        super().__init__()
        self.mood, self.callers = mood, 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.callers += 1
        session.host_name, session.letters = hostname, 0
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mood == "goodbye" and session.letters:
            return "421 4.7.0 too many letters in one connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mood == address:
            server.transport.close()
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        session.letters += 1
        if self.mood == "hangs up":
            asyncio.get_running_loop().call_later(0.02, server.transport.close)
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def running(postbox):
    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with MailServer(f"smtp://127.0.0.1:{port}", SENDER, timeout_seconds=2) as server:
            yield server
    finally:
        controller.stop()


@pytest.fixture
def crowd(house):
    """Six people who hear of one assignment that is due today."""
    an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN)
    people = [reachable(house.commune, Role.COMMUNE_LEADER, f"Người {number}") for number in range(5)]
    return [house.leader, *people]


@pytest.mark.parametrize(("mood", "callers"), [("", 1), ("goodbye", 6), ("hangs up", 6)])
def test_one_connection_carries_all_letters_and_is_opened_again_when_the_server_closes_it(crowd, mood, callers):
    postbox = Moody(mood)
    with running(postbox) as server:
        if mood == "hangs up":
            quick, server.send = server.send, None
            server.send = lambda mail: (quick(mail), asyncio.run(asyncio.sleep(0.05)))[0]
        counts = tick(NOW, MANNER, HEAD, server)
    assert (counts["sent"], counts["waiting"]) == (12, 0)
    assert len(postbox.letters) == len(crowd)
    assert postbox.callers == callers


def test_an_address_at_which_the_server_hangs_up_stops_nobody_else(crowd):
    postbox = Moody(address_of(crowd[0]))
    with running(postbox) as server:
        tick(NOW, MANNER, HEAD, server)
        tick(NOW + timedelta(minutes=5), MANNER, HEAD, server)
    assert len(postbox.letters) == len(crowd) - 1
    forget()
    waiting = db.session.scalars(sa.select(Message).where(Message.state == "waiting")).one()
    assert waiting.person_id == crowd[0].person_id and "Mất kết nối" in waiting.error


def test_returns_are_asked_for_where_the_server_knows_how(crowd, tmp_path):
    office = MailOffice(tmp_path / "log", extensions=("DSN",)).start()
    try:
        with MailServer(office.url, SENDER, timeout_seconds=2) as server:
            assert tick(NOW, MANNER, HEAD, server)["sent"] == 12
        taken = office.taken()[0]
    finally:
        office.stop()
    assert taken["mail"] == f"RET=HDRS ENVID={token_of(taken['id'])}"
    assert taken["rcpt"] == "NOTIFY=FAILURE,DELAY"


def test_a_list_id_tells_machines_what_this_mail_is(house, crowd):
    house.tick(NOW)
    assert {letter["List-Id"] for letter in house.postbox.letters} == {"<nhac-viec.dondoc.example>"}


# One thread for each matter.


def test_all_letters_on_one_matter_to_one_person_answer_the_first(house):
    assignment = an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN)
    delegate(assignment, house.officer.person_id, None, by=house.leader, now=GIVEN, policy=POLICY)
    for day in ("2026-06-17", "2026-06-19", "2026-06-23"):
        house.tick(at(f"{day} 07:05"))
    first, second, third = house.postbox.to(house.officer)
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == third["References"] == third["In-Reply-To"] == first["Message-ID"]
    assert house.postbox.to(house.leader)[0]["In-Reply-To"] is None


def test_a_letter_on_many_matters_belongs_to_no_thread_and_begins_none(house):
    work = [an_assignment(house.commune, house.issuer, due="2026-06-24", on=GIVEN) for _ in range(2)]
    house.tick(at("2026-06-23 07:05"))
    on = {"now": at("2026-06-23 08:00"), "policy": POLICY}
    write_result(work[0], "Xong", [a_document(house.commune)], by=house.leader, **on)
    send_back(work[0], "Thiếu", by=house.issuer, **on)
    house.tick(at("2026-06-23 08:05"))
    house.tick(at("2026-06-24 07:05"))
    letters = house.postbox.to(house.leader)
    assert len(letters) == 3
    assert [letter["In-Reply-To"] for letter in letters] == [None] * 3


# The pace.


def paced(house, now, most=4):
    manner = replace(MANNER, pace=Pace(most, timedelta(hours=1)))
    with MailServer(house.postbox.url, SENDER, timeout_seconds=2) as server:
        return tick(now, manner, HEAD, server)


def test_no_more_letters_leave_than_the_server_takes_in_its_time(house, crowd):
    assert paced(house, NOW)["waiting"] == 2
    assert paced(house, NOW + timedelta(minutes=5))["sent"] == 0
    assert len(house.postbox.letters) == 4
    paced(house, NOW + timedelta(minutes=61))
    assert {letter["To"].addresses[0].addr_spec for letter in house.postbox.letters} == {*map(address_of, crowd)}


def test_the_pace_is_one_for_all_processes(house, crowd):
    assert ended_well(*[forked(lambda: paced(house, NOW)) for _ in range(3)])
    assert len(house.postbox.letters) == 4


def test_several_letters_to_one_person_keep_the_pace_as_well(house):
    for number in range(2):
        an_assignment(house.commune, house.issuer, due=f"2026-08-1{number}", on=at("2026-06-24 06:40"))
    paced(house, NOW, most=1)
    assert len(house.postbox.letters) == 1
    paced(house, NOW + timedelta(hours=1, minutes=1), most=1)
    assert len(house.postbox.letters) == 2
    forget()
    assert set(db.session.scalars(sa.select(Notice.state))) == {"sent"}


def test_whom_the_pace_left_waiting_goes_first_the_next_time(house, crowd):
    paced(house, NOW)
    an_assignment(house.commune, house.issuer, due="2026-07-30", on=NOW + timedelta(minutes=1))
    paced(house, NOW + timedelta(minutes=70))
    assert {letter["To"].addresses[0].addr_spec for letter in house.postbox.letters} >= {*map(address_of, crowd)}
