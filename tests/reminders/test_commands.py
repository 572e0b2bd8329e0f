"""Reminders from the terminal: shapes that other programs rely on, and exit codes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from builders import an_assignment, at
from click.testing import CliRunner

from tracker.clock import now
from tracker.db import forget
from tracker.reminders.commands import commands
from tracker.reminders.queries import last_beat

PLANNED = ["assignment", "unit", "rung", "due_on", "person", "channel", "send_after", "why"]
TICKED = ["planned", "sent", "dropped", "failed", "waiting"]
SENT = [
    *("assignment", "unit", "rung", "due_on", "person", "channel", "state", "text", "why"),
    *("planned_at", "send_after", "ended_at", "outcome", "message_id", "attempts", "delivered_at"),
]


def typed(*arguments, exit_code=0):
    """What the terminal shows."""
    result = CliRunner().invoke(commands, arguments)
    forget()
    assert result.exit_code == exit_code, result.output
    return result.output


def said(*arguments):
    """What a program reads."""
    return json.loads(typed(*arguments, "--json"))


def test_the_plan_is_a_list_of_eight_named_facts_and_writes_nothing(house, work):
    for _ in range(2):
        (planned,) = said("plan", "--at", "2026-06-17T07:30")
    assert list(planned) == PLANNED
    assert planned == {
        "assignment": work.id,
        "unit": "C1",
        "rung": "due_in_7",
        "due_on": "2026-06-24",
        "person": planned["person"],
        "channel": "inapp",
        "send_after": "2026-06-17T07:30+07:00",
        "why": "Còn 7 ngày, hạn 24/06/2026; cán bộ được phân công",
    }


def test_a_moment_with_a_zone_is_the_same_moment_in_house_time(work):
    assert said("plan", "--at", "2026-06-17T00:30+00:00") == said("plan", "--at", "2026-06-17T07:30")


def test_a_tick_says_five_numbers_and_the_second_one_finds_nothing_to_do(work):
    first = said("tick", "--at", "2026-06-17T07:30")
    assert list(first) == TICKED
    assert first == {"planned": 1, "sent": 1, "dropped": 0, "failed": 0, "waiting": 0}
    assert said("tick", "--at", "2026-06-17T07:40") == dict.fromkeys(TICKED, 0)


def test_the_outbox_says_how_each_notice_ended(work):
    typed("tick", "--at", "2026-06-17T07:30")
    typed("tick", "--at", "2026-06-19T07:30")
    rows = said("outbox")
    assert [(row["rung"], row["state"], row["due_on"]) for row in rows] == [
        ("due_in_7", "sent", "2026-06-24"),
        ("due_in_3", "sent", "2026-06-24"),
    ]
    assert all(list(row)[: len(SENT)] == SENT for row in rows)
    assert [row["rung"] for row in said("outbox", "--since", "2026-06-18")] == ["due_in_3"]


def test_news_has_no_due_date_in_the_outbox(house):
    an_assignment(house.commune, house.issuer, on=at("2026-06-17 07:00"))
    typed("tick", "--at", "2026-06-17T07:30")
    assert [(row["rung"], row["due_on"]) for row in said("outbox")] == [("assigned", None)]


def test_people_read_the_same_in_sentences(work):
    assert "Còn 7 ngày: Báo cáo kết quả" in typed("plan", "--at", "2026-06-17T07:30")
    assert "Lập mới 1 thông báo; đã gửi 1" in typed("tick", "--at", "2026-06-17T07:30")
    assert "Không có gì cần nhắc." in typed("plan", "--at", "2026-06-17T07:30")
    assert "đã gửi\ttrong ứng dụng" in typed("outbox")


MOMENTS = [("plan", "--at"), ("tick", "--at"), ("weekly", "--at"), ("outbox", "--since")]


@pytest.mark.parametrize("command", MOMENTS, ids=" ".join)
def test_a_moment_that_is_none_is_wrong_usage(database, command):
    assert "không phải thời điểm" in typed(*command, "mai", exit_code=2)


@pytest.mark.parametrize("command", MOMENTS, ids=" ".join)
@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59",
        "9999-12-31T23:59-12:00",
        "1899-12-31",
        "2101-01-01",
    ],
)
def test_a_moment_that_nothing_can_be_counted_from_is_wrong_usage(database, command, moment):
    assert "Năm phải từ 1900 đến 2100." in typed(*command, moment, exit_code=2)


@pytest.mark.parametrize("command", MOMENTS, ids=" ".join)
@pytest.mark.parametrize("moment", ["1900-01-01T00:00+14:00", "2100-12-31T23:59-12:00"])
def test_the_first_and_the_last_moment_that_may_be_typed_can_be_counted_from(work, command, moment):
    typed(*command, moment)


def test_a_tick_told_of_another_time_beats_now(work):
    """A rehearsal of 2030 must not keep the house from seeing that its clock has stopped."""
    for moment in ("2030-01-01T08:00", "2026-06-17T07:30"):
        typed("tick", "--at", moment)
        assert abs(last_beat().at - now()) < timedelta(minutes=1)
