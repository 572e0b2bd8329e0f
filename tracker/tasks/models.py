"""Tasks, their assignments to units, and everything that happens to an assignment.

Directive ─< Task ─< Assignment ─< Standing      what was true from a day on, for figures of past days
              │          ├─< Progress            how it goes, with difficulties
              │          ├─< Submission ─< SubmissionEvidence
              │          └─< Extension           asked, decided
              ├─< Series                         a recurring duty of a unit, from which assignments come
              └─< Coordination                   units that help; seen and reminded, never counted
Directive ─< Target ─< TargetReading             mục tiêu, chỉ tiêu: not a task
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Person
from tracker.db import Base
from tracker.directives.models import Directive
from tracker.evidence.models import Evidence
from tracker.units.models import Unit

NEVER = date(9999, 12, 31)


class Task(Base):
    """One obligation in one directive. It has a kind and a deadline, but no state: its assignments have.

    `unnamed_by_zalo`: messages by Zalo count it and never say what it is.
    """

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    ordinal: Mapped[str] = mapped_column(sa.String(20), default="")
    section: Mapped[str] = mapped_column(sa.String(300), default="")
    content: Mapped[str] = mapped_column(sa.Text)
    deliverable: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(12))
    due_text: Mapped[str] = mapped_column(sa.String(300), default="")
    due_on: Mapped[date | None]
    due_basis: Mapped[str] = mapped_column(sa.String(300), default="")
    recurrence: Mapped[str] = mapped_column(sa.String(300), default="")
    starred: Mapped[bool] = mapped_column(default=False)
    unnamed_by_zalo: Mapped[bool] = mapped_column(default=False)
    monitor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    registered_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    directive: Mapped[Directive] = relationship()
    monitor: Mapped[Person | None] = relationship()
    coordinators: Mapped[list[Unit]] = relationship(secondary="coordinations", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


class Coordination(Base):
    """A unit that coordinates (phối hợp): sees the task and is reminded, never counted (D1)."""

    __tablename__ = "coordinations"

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)


class TaskVersion(Base):
    """A wording of a task that is no longer in force: which document set it, which replaced it, from when to when."""

    __tablename__ = "task_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"))
    replaced_by_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"))
    replaced_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(sa.Text)
    deliverable: Mapped[str] = mapped_column(sa.Text)
    due_text: Mapped[str] = mapped_column(sa.String(300))
    due_on: Mapped[date | None]

    directive: Mapped[Directive] = relationship(foreign_keys=[directive_id])
    replaced_by: Mapped[Directive] = relationship(foreign_keys=[replaced_by_id])


class Amendment(Base):
    """A directive that changes the tasks of another one (điều chỉnh, bổ sung); a draft until it takes effect."""

    __tablename__ = "amendments"
    __table_args__ = (sa.UniqueConstraint("directive_id", "amends_id", name="uq_amendments_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"))
    amends_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    took_effect_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    directive: Mapped[Directive] = relationship(foreign_keys=[directive_id])
    amends: Mapped[Directive] = relationship(foreign_keys=[amends_id])

    __mapper_args__ = {"version_id_col": version}


class AmendmentChange(Base):
    """What an amendment does to one task of the amended directive, for some units or, with none named, for all.

    The columns without «old» are the new wording; those with it are written when it takes effect, and `unit_ids`
    then holds the units whose work it changed. `absorbs_id` is the task of the amending document that it came from.
    """

    __tablename__ = "amendment_changes"
    __table_args__ = (sa.UniqueConstraint("amendment_id", "task_id", name="uq_amendment_changes_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(sa.ForeignKey("amendments.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    absorbs_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tasks.id", ondelete="SET NULL"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(sa.String(12))
    content: Mapped[str] = mapped_column(sa.Text)
    deliverable: Mapped[str] = mapped_column(sa.Text)
    due_text: Mapped[str] = mapped_column(sa.String(300))
    due_on: Mapped[date | None]
    old_kind: Mapped[str] = mapped_column(sa.String(12), default="")
    old_content: Mapped[str] = mapped_column(sa.Text, default="")
    old_deliverable: Mapped[str] = mapped_column(sa.Text, default="")
    old_due_text: Mapped[str] = mapped_column(sa.String(300), default="")
    old_due_on: Mapped[date | None]
    unit_ids: Mapped[list[int]]

    task: Mapped[Task] = relationship(foreign_keys=[task_id])


class Proposal(Base):
    """A commune's proposal to those above it (kiến nghị, đề xuất); accepted, it becomes a task of another unit."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    content: Mapped[str] = mapped_column(sa.Text)
    authority: Mapped[str] = mapped_column(sa.String(200), default="")
    wanted_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    deliverable: Mapped[str] = mapped_column(sa.Text, default="")
    due_text: Mapped[str] = mapped_column(sa.String(300), default="")
    doc_symbol: Mapped[str] = mapped_column(sa.String(80))
    doc_on: Mapped[date]
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(sa.String(12), default="pending")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tasks.id"))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    wanted_unit: Mapped[Unit | None] = relationship(foreign_keys=[wanted_unit_id])

    __mapper_args__ = {"version_id_col": version}


class FanOut(Base):
    """One deed that assigned tasks to units; it can be undone for a while."""

    __tablename__ = "fan_outs"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    undone_at: Mapped[datetime | None]


class Series(Base):
    """A recurring duty of one unit: its occurrences are made ahead of time, each an assignment of its own.

    Due dates after `made_through` are still to be made; none is made that falls after `ended_on`.
    """

    __tablename__ = "series"
    __table_args__ = (sa.UniqueConstraint("task_id", "unit_id", name="uq_series_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    fan_out_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fan_outs.id"), index=True)
    begins_on: Mapped[date]
    made_through: Mapped[date]
    ended_on: Mapped[date | None]

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship()


class Assignment(Base):
    """One task × one lead unit (× one occurrence): the unit of counting (D1).

    `due_on` is the current due date, `original_due` the first one, `internal_due` the unit's own and never
    counted. `submitted_through` is `calendar.overdue_through(day of submission)`: the latest due date that had
    passed when the clock stopped. `completed_due` is the effective due date frozen at confirmation. `told_on` is the
    day on which its unit last told how it goes. `upward` work came of a commune's proposal and is counted apart.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "unit_id", "occurrence", name="uq_assignments_once"),
        sa.Index("ix_assignments_unit_state_due", "unit_id", "state", "due_on", "returned", "task_id"),
        sa.Index("ix_assignments_assigner_state_due", "assigner_id", "state", "due_on", "returned", "task_id"),
        sa.Index("ix_assignments_due", "due_on", "id"),
        sa.Index("ix_assignments_officer", "officer_id", "state"),
        sa.Index(
            "ix_assignments_counts",
            *("unit_id", "kind", "state", "due_on", "submitted_through", "completed_on", "completed_due"),
            *("assigned_on", "told_on", "upward", "task_id", "id"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    assigner_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    occurrence: Mapped[str] = mapped_column(sa.String(20), default="")
    fan_out_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fan_outs.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    upward: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(12))
    assigned_on: Mapped[date]
    assigned_at: Mapped[datetime]
    due_on: Mapped[date | None]
    original_due: Mapped[date | None]
    internal_due: Mapped[date | None]
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    received_at: Mapped[datetime | None]
    with_leader_at: Mapped[datetime | None]
    returned: Mapped[bool] = mapped_column(default=False)
    submitted_on: Mapped[date | None]
    submitted_through: Mapped[date | None]
    completed_on: Mapped[date | None]
    completed_due: Mapped[date | None]
    told_on: Mapped[date | None]
    was_overdue: Mapped[bool] = mapped_column(default=False)
    extensions: Mapped[int] = mapped_column(default=0)
    difficulty: Mapped[str] = mapped_column(sa.String(20), default="")
    updated_at: Mapped[datetime]
    evidence_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    assigner: Mapped[Unit] = relationship(foreign_keys=[assigner_id])
    officer: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Standing(Base):
    """What was true of an assignment at the end of each day from `from_on` to the day before `until_on`.

    The last row says what the assignment itself says; figures of past days read the row of that day. It also
    says whose it is, so that a past day is counted over one index without a join.
    """

    __tablename__ = "standings"
    __table_args__ = (
        sa.Index(
            "ix_standings_counts",
            *("unit_id", "from_on", "until_on", "kind", "state", "due_on", "submitted_through", "completed_on"),
            *("completed_due", "assigned_on", "told_on", "upward", "task_id", "assignment_id"),
        ),
    )

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date] = mapped_column(default=NEVER)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    upward: Mapped[bool] = mapped_column(default=False)
    assigned_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(12))
    due_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    submitted_through: Mapped[date | None]
    completed_on: Mapped[date | None]
    completed_due: Mapped[date | None]
    told_on: Mapped[date | None]


class Progress(Base):
    """How it goes (cập nhật tình hình), with a difficulty from the fixed list of causes where there is one."""

    __tablename__ = "progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    cause: Mapped[str] = mapped_column(sa.String(20), default="")
    explanation: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Person | None] = relationship()


class Submission(Base):
    """A result sent for confirmation: first inside the unit (`with_leader_at`), then to the province (`sent_at`)."""

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    nothing_to_report: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    sent_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(12), default="pending")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    written_by: Mapped[Person | None] = relationship(foreign_keys=[written_by_id])
    sent_by: Mapped[Person | None] = relationship(foreign_keys=[sent_by_id])
    evidence: Mapped[list[Evidence]] = relationship(secondary="submission_evidence")


class SubmissionEvidence(Base):
    """Which evidence a submission rests on; append-only."""

    __tablename__ = "submission_evidence"

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), primary_key=True, index=True)


class Extension(Base):
    """A request for a later due date and the assigning side's decision on it (D7)."""

    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id", ondelete="CASCADE"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    old_due: Mapped[date | None]
    granted: Mapped[bool | None]
    new_due: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    document: Mapped[str] = mapped_column(sa.String(200), default="")

    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])


class Target(Base):
    """Mục tiêu, chỉ tiêu of one unit: a goal with its unit of measure and direction; may be unmeasurable."""

    __tablename__ = "targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(sa.ForeignKey("directives.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    content: Mapped[str] = mapped_column(sa.Text)
    goal: Mapped[Decimal | None] = mapped_column(sa.Numeric(18, 4))
    measure: Mapped[str] = mapped_column(sa.String(60), default="")
    direction: Mapped[str] = mapped_column(sa.String(12), default="declared")
    set_on: Mapped[date]

    directive: Mapped[Directive] = relationship()
    unit: Mapped[Unit] = relationship()


class TargetReading(Base):
    """The value of a target on a day; for an unmeasurable one only whether it is declared met."""

    __tablename__ = "target_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("targets.id", ondelete="CASCADE"), index=True)
    as_of: Mapped[date]
    value: Mapped[Decimal | None] = mapped_column(sa.Numeric(18, 4))
    met: Mapped[bool]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
