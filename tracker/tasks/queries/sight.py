"""Whom an assignment is open to: the three conditions from which every question about assignments grows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from tracker.accounts.acting import User
from tracker.directives.models import Directive
from tracker.rules.access import OF_UNIT
from tracker.tasks.models import (
    Assignment,
    Coordination,
    Task,
)
from tracker.units.queries import subtree


def led(user: User) -> ColumnElement[bool]:
    """Which assignments a person's lists and counts are made of: those that units of their subtree lead.

    A department also lists what it assigned; a province assigns within itself, so one condition says both.
    """
    own = subtree(user.unit_path)
    led_below = Assignment.unit_id.in_(own)
    if user.role in OF_UNIT or user.unit_path == user.province_path:
        return led_below
    return sa.or_(led_below, Assignment.assigner_id.in_(own))


def helped(user: User) -> ColumnElement[bool]:
    """Which assignments a person's unit coordinates: seen and reminded, never counted (D1)."""
    tasks = sa.select(Coordination.task_id).where(Coordination.unit_id.in_(subtree(user.unit_path)))
    return Assignment.task_id.in_(tasks)


def proposed(user: User) -> ColumnElement[bool]:
    """Which assignments came of the proposals of a person's unit: seen, and not counted among its own work."""
    papers = sa.select(Directive.id).where(Directive.issuer_id.in_(subtree(user.unit_path)))
    tasks = sa.select(Task.id).where(Task.directive_id.in_(papers))
    return sa.and_(Assignment.upward, Assignment.task_id.in_(tasks))


def visible(user: User) -> ColumnElement[bool]:
    """Which assignments a person may see at all."""
    return sa.or_(led(user), helped(user), proposed(user)) if user.role in OF_UNIT else led(user)
