"""A province, its commune and the people who work on one assignment: the stage of all tests of tasks."""

from __future__ import annotations

from datetime import date

from builders import POLICY, a_commune, a_document, a_province, an_assignment, at, somebody

from tracker.db import db
from tracker.rules.access import Role
from tracker.tasks import actions, deciding
from tracker.tasks.models import Assignment

NOW = at("2026-03-16 08:00")
HOUR_LATER = {"now": at("2026-03-16 09:00"), "policy": POLICY}


class Place:
    """A province with its issuer, a commune with a leader and an officer, and a stranger next door."""

    def __init__(self):
        self.province = a_province()
        self.commune = a_commune(self.province)
        self.issuer = somebody(self.province, Role.ISSUER, "Phạm Thu Dung")
        self.leader = somebody(self.commune, Role.COMMUNE_LEADER, "Nguyễn Văn An")
        self.officer = somebody(self.commune, Role.COMMUNE_OFFICER, "Trần Thị Bình")
        self.stranger = somebody(a_commune(self.province, "C2", "Xã Sơn Hà"), Role.COMMUNE_LEADER, "Người lạ")

    def given(self, due="2026-03-20", **more) -> Assignment:
        return an_assignment(self.commune, self.issuer, due=due, on=at("2026-03-02 08:00"), **more)

    def written(self) -> Assignment:
        """An assignment whose result waits for the commune's leader."""
        one = self.given()
        actions.write_result(one, "Đã xong", [a_document(self.commune)], by=self.officer, **HOUR_LATER)
        return one

    def sent(self) -> Assignment:
        one = self.written()
        actions.submit(one, by=self.leader, **HOUR_LATER)
        return one

    def overdue(self) -> Assignment:
        """Given, and its due date has passed."""
        return self.given(due="2026-03-13")

    def asked(self) -> Assignment:
        """An assignment with an extension asked for."""
        one = self.given()
        actions.ask_extension(one, date(2026, 3, 27), "Chờ số liệu", by=self.leader, **HOUR_LATER)
        return one

    def declined(self) -> Assignment:
        """An assignment that the commune asked not to do."""
        one = self.given()
        actions.decline(one, "Không thuộc địa bàn", by=self.leader, **HOUR_LATER)
        return one

    def suspended(self) -> Assignment:
        """An assignment suspended by a document."""
        one = self.given()
        deciding.suspend(one, "Chờ hướng dẫn", "12/TB-UBND", by=self.issuer, **HOUR_LATER)
        return one

    def completed(self) -> Assignment:
        """An assignment whose result was confirmed."""
        one = self.sent()
        deciding.confirm(one, by=self.issuer, **HOUR_LATER)
        return one


def state(one: Assignment) -> str:
    """The state as the database has it now."""
    db.session.expire_all()
    return one.state
