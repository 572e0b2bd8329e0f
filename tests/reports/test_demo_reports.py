"""The demo shows reports at work: a closed month, a report that waits for its leader, one that a commune writes."""

from __future__ import annotations

from builders import POLICY, a_commune, a_directive, a_province, an_assignment, at, somebody

from tracker.accounts.models import Person
from tracker.db import atomic, db
from tracker.demo.reporting import tell_reports
from tracker.reports.drafting.queries import Stage, drafts, stage
from tracker.reports.queries.snapshots import snapshots
from tracker.rules.access import Role


def test_the_demo_tells_of_a_closed_month_and_of_two_reports(database):
    province = a_province()
    commune = a_commune(province)
    named = {
        "giaoviec": somebody(province, Role.ISSUER),
        "theodoi": somebody(province, Role.MONITOR),
        "canbo.xa": somebody(commune, Role.COMMUNE_OFFICER),
    }
    with atomic():
        for username, user in named.items():
            db.session.get(Person, user.person_id).username = username
    one = an_assignment(commune, named["giaoviec"], on=at("2026-03-10 08:00"), directive=a_directive(province))
    with atomic():
        one.task.content = "Báo cáo kết quả quý I"
    tell_reports(POLICY, at("2026-04-16 08:00"))
    [closed] = snapshots(named["giaoviec"])
    assert closed.period_code == "month:2026-03" and closed.figures["total"] == 1
    [theirs], [own] = drafts(named["giaoviec"]), drafts(named["canbo.xa"])
    assert (stage(theirs), stage(own)) == (Stage.WITH_LEADER, Stage.WRITING)
    assert own.assignment.id == one.id and theirs.snapshot.id == closed.id
