"""What all pages of reminders share: the Blueprint."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("reminders", "tracker.reminders.pages")
