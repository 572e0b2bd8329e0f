"""Who hears of a topic: the holders of posts today, each once, and by which channels."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from tracker.reminders.contacts import Contact, Posts
from tracker.reminders.manner import Manner
from tracker.reminders.situations.topics import Topic
from tracker.rules.access import Role
from tracker.rules.notices import WITHIN_UNIT, Audience, Channel, Hearer, Step, channels, presses

Key = tuple[int, date, str, int, int, str]
"""Assignment, due date (NEVER for news), rung, subject, person, channel: what the outbox holds unique.

Of the state of a unit the assignment is 0, the due date the day and the subject the unit."""

Heard = list[tuple[Hearer, Contact]]


def heard_by(
    topic: Topic, row: Any, posts: Posts, helpers: Iterable[int], audience: Audience
) -> Iterable[tuple[Hearer, Contact, str]]:
    """Each person once, in the first capacity that fits, with the cell that says by which channels."""
    found: dict[int, tuple[Hearer, Contact, str]] = {}
    for capacity, cell in audience[topic.step].items():
        for hearer, contact in _holders(capacity, topic, row, posts, helpers):
            found.setdefault(contact.person_id, (hearer, contact, cell))
    return found.values()


def _holders(hearer: Hearer, topic: Topic, row: Any, posts: Posts, helpers: Iterable[int]) -> Heard:
    """Who fills a capacity today, and under which name."""
    if hearer is Hearer.OFFICER:
        return _officer(topic, row, posts)
    if topic.step in WITHIN_UNIT and hearer is Hearer.UNIT_LEADERS:
        return [(hearer, contact) for contact in posts.in_unit(row.unit_id)]
    if hearer is Hearer.UNIT_LEADERS:
        known = topic.step is Step.ASSIGNED and row.received_at is not None
        return [] if known else _unit(row, posts)
    if hearer is Hearer.COORDINATORS:
        others = [unit_id for unit_id in helpers if unit_id != row.unit_id]
        return [(hearer, contact) for unit_id in others for contact in posts.in_unit(unit_id)]
    if hearer is Hearer.MONITOR:
        return [(hearer, contact) for contact in posts.monitors(row.monitor_id, row.assigner_path)]
    return [(hearer, contact) for contact in posts.above(row.assigner_path, Role.LEADER)]


def _officer(topic: Topic, row: Any, posts: Posts) -> Heard:
    """The officer in charge; what is nobody's, an absent person's or already with the leader is the leaders'."""
    own = [(Hearer.OFFICER, contact) for contact in posts.officer(row.officer_id, row.unit_id)]
    if topic.step in WITHIN_UNIT:
        return own
    if topic.step is Step.DELEGATED:
        return own if topic.detail == str(row.officer_id) else []
    return own if own and row.with_leader_at is None else _unit(row, posts)


def _unit(row: Any, posts: Posts) -> Heard:
    """Those who answer for the unit; for a unit without anybody in post the monitor, so that no notice is lost."""
    answering = [(Hearer.UNIT_LEADERS, contact) for contact in posts.in_unit(row.unit_id)]
    return answering or [(Hearer.MONITOR, one) for one in posts.monitors(row.monitor_id, row.assigner_path)]


def zalo_key(row: Any, topic: Topic, contact: Contact) -> Key:
    """Under which key the outbox holds what Zalo is to say of a topic to a person."""
    return row.id, topic.key_due, topic.code, topic.subject_id, contact.person_id, Channel.ZALO.value


def channels_of(
    row: Any, topic: Topic, contact: Contact, cell: str, manner: Manner, failed: Collection[Key]
) -> tuple[Channel, ...]:
    """By which channels a person hears of a topic, each where there is an address and the house can send it."""
    term_days = (row.due_on - row.assigned_on).days if row.due_on else None
    return channels(
        cell,
        presses=presses(topic.step, rung_days=topic.rung_days, term_days=term_days),
        email=bool(contact.email) and manner.email and not topic.inbox_only,
        zalo=bool(contact.zalo) and not topic.inbox_only,
        zalo_failed=bool(failed) and zalo_key(row, topic, contact) in failed,
    )


def units_of(rows: Iterable[Any], helpers: dict[int, list[int]]) -> set[int]:
    """The units whose people may hear of these assignments: those that do the work, and all above the assigner."""
    above = {int(part) for path in {row.assigner_path for row in rows} for part in path.strip("/").split("/")}
    return above.union((row.unit_id for row in rows), *helpers.values())
