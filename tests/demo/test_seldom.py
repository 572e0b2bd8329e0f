"""The fictional province shows what happens now and then, whatever the day on which it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from browser import Browser
from builders import POLICY, at
from flask import Flask

from tracker.accounts.queries import acting, person_named
from tracker.calendars.actions import take_in_calendars
from tracker.db import atomic, db
from tracker.demo.province import tell_a_province
from tracker.demo.seldom import tell_seldom
from tracker.directives.models import ImportDraft
from tracker.history.queries import events, is_whole
from tracker.tasks.models import Amendment, Assignment, Series

TET = at("2026-02-15 00:20")
"""A Sunday in the longest holidays of the year, soon after midnight."""


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_demo_has_a_duty_amendments_proposals_and_an_import(app: Flask, database: None) -> None:
    with time_machine.travel(TET, tick=False):
        take_in_calendars()
        with atomic():
            told = tell_a_province(POLICY, TET)
            tell_seldom(POLICY, TET, Path(app.extensions["settings"].files_folder))
        assert db.session.query(Assignment).count() > told == 4812
        browser = Browser(app).acts_as(acting(person_named("giaoviec").posts[0]))
        duty = db.session.query(Series).first()
        assert "ngày 14 hằng tháng" in browser.get(f"/tasks/{duty.task_id}/series")
        in_force, looked_at = db.session.query(Amendment).order_by(Amendment.id)
        assert "Có hiệu lực từ" in browser.get(f"/amendments/{in_force.id}")
        assert {row[1] for row in browser.page.rows()} >= {"Đổi hạn", "Sửa nội dung"}
        assert "Bản nháp" in browser.get(f"/amendments/{looked_at.id}")
        assert "4 kiến nghị" in browser.get("/proposals")
        draft = db.session.query(ImportDraft).one()
        assert len(browser.get(f"/directives/imports/{draft.id}").rows()) == 7
        assert "là ngày nghỉ" in browser.get(f"/directives/imports/{draft.id}/issue")
        for one in db.session.query(Assignment).filter(Assignment.occurrence != ""):
            chain = events("assignment", one.id)
            assert is_whole(chain) and [event.at for event in chain] == sorted(event.at for event in chain)
            assert all(event.at <= TET for event in chain)
