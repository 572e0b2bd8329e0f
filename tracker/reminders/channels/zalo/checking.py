"""Asking Zalo about the templates: whether each is in force, and how long each of its parameters may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.db import atomic, forget, put
from tracker.errors import Refused
from tracker.reminders.channels.zalo.client import NoAnswer, NotSent, Reply
from tracker.reminders.channels.zalo.models import ZaloTemplate
from tracker.reminders.channels.zalo.setup import Zalo
from tracker.reminders.channels.zalo.templates import templates
from tracker.reminders.channels.zalo.tokens import NeedsConsent, NotNow

_IN_FORCE = "ENABLE"


@dataclass(frozen=True)
class Checked:
    """One template: our kind and name, its id, and what is wrong with it in words, or nothing."""

    kind: str
    name: str
    template_id: str
    wrong: str


def check(zalo: Zalo, *, now: datetime) -> Iterator[Checked]:
    """Ask about every template that has an id and keep the answer. Raises Refused when Zalo cannot be asked."""
    for kind, template_id in zalo.template_ids.items():
        said = _asked(zalo, template_id, now)
        told = said.data.get("data")
        told = told if isinstance(told, Mapping) else {}
        if said.well:
            _keep(template_id, told, now)
        yield Checked(kind, templates()[kind].name, template_id, _wrong(kind, said, told))


def _asked(zalo: Zalo, template_id: str, now: datetime) -> Reply:
    url = f"{zalo.settings.zalo_phone_url}/template/info/v2"
    try:
        token = zalo.tokens.current(now)
        forget()
        return zalo.client.get(url, {"template_id": template_id}, {"access_token": token})
    except (NeedsConsent, NotNow, NotSent, NoAnswer) as error:
        raise Refused(f"Chưa hỏi được Zalo về mẫu tin: {error}") from error


def _keep(template_id: str, told: Mapping[str, Any], now: datetime) -> None:
    with atomic():
        status, limits = str(told.get("status", ""))[:40], _limits(told)
        put(ZaloTemplate, template_id=template_id, status=status, limits=limits, read_at=now)


def _limits(told: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The greatest length of each parameter; one without any keeps ours."""
    named = [one for one in told.get("listParams") or () if isinstance(one, Mapping)]
    return {
        str(one.get("name")): {"max": int(one["maxLength"])}
        for one in named
        if str(one.get("maxLength") or "").isdecimal() and int(one["maxLength"]) > 0
    }


def _wrong(kind: str, said: Reply, told: Mapping[str, Any]) -> str:
    """What an administrator has to put right, in words."""
    if not said.well:
        return f"Zalo trả lời {said.error} {said.message[:150]}"
    if told.get("status") not in (None, "", _IN_FORCE):
        return f"Mẫu đang ở trạng thái {told.get('status')}"
    ours = set(templates()[kind].parameters)
    theirs = {str(one.get("name")) for one in told.get("listParams") or () if isinstance(one, Mapping)}
    missing, unknown = sorted(ours - theirs), sorted(theirs - ours)
    said_missing = f"Mẫu ở Zalo thiếu tham số {', '.join(missing)}. " if missing else ""
    return said_missing + (f"Mẫu ở Zalo có tham số lạ {', '.join(unknown)}." if unknown else "")
