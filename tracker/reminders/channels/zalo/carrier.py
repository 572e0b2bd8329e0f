"""Handing one message to Zalo, and what follows from its answer for the message, the person and the channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tracker.db import forget
from tracker.reminders.channels.answers import Answer, Result
from tracker.reminders.channels.zalo.client import Client, NoAnswer, NotSent, Reply
from tracker.reminders.channels.zalo.contacts import USER, mark_unreachable
from tracker.reminders.channels.zalo.errors import CONSEQUENCES, WORDS, Consequence, Scope, Trouble, trouble_of
from tracker.reminders.channels.zalo.rests import CHANNEL, rest, resting
from tracker.reminders.channels.zalo.tokens import NeedsConsent, NotNow, Tokens
from tracker.reminders.channels.zalo.writing import Written

_MOST_SILENCES = 3
"""So many messages without an answer, one after the other: Zalo is in trouble, and each more would be unknown too."""

_SILENCE_LASTS = timedelta(minutes=30)
_NO_RECEIPT = "Zalo trả lời nhưng không cho mã tin"
_NO_TEMPLATE = "Chưa có mã mẫu tin Zalo cho loại nhắc này"


@dataclass(frozen=True)
class ZaloMessage:
    """A written message with its addressee: «user:…» or a phone number. `tracking_id` is ours and comes back."""

    person_id: int
    address: str
    tracking_id: str
    written: Written

    @property
    def by_user_id(self) -> bool:
        """Whether it goes to a linked account."""
        return self.address.startswith(USER)


@dataclass(frozen=True)
class Endpoints:
    """Where messages go, and whether only in development mode."""

    api_url: str
    phone_url: str
    development: bool = False

    def of(self, message: ZaloMessage) -> tuple[str, dict[str, Any]]:
        """Address and body of a message; the names of the fields stand here and nowhere else."""
        said = {"template_id": message.written.template_id, "template_data": dict(message.written.values)}
        mode = {"mode": "development"} if self.development else {}
        if message.by_user_id:
            user_id = message.address.removeprefix(USER)
            return f"{self.api_url}/v3.0/oa/message/template", {"user_id": user_id, **said, **mode}
        tracking = {"tracking_id": message.tracking_id}
        return f"{self.phone_url}/message/template", {"phone": message.address, **said, **tracking, **mode}


class ZaloCarrier:
    """Sends messages one by one; `present` tells the moment of each."""

    def __init__(self, endpoints: Endpoints, client: Client, tokens: Tokens, present: Callable[[], datetime]):
        self._endpoints, self._client, self._tokens, self._present = endpoints, client, tokens, present
        self._silences = 0

    def send(self, message: ZaloMessage) -> Answer:
        """Hand one message over; never raises for what Zalo or an address can do wrong."""
        if not message.written.template_id:
            return Answer(Result.REFUSED, _NO_TEMPLATE)
        if sleeping := self._sleeping(message):
            return sleeping
        try:
            reply = self._sent(message)
        except (NeedsConsent, NotNow, NotSent) as error:
            return Answer(Result.UNREACHABLE, str(error))
        except NoAnswer as error:
            return self._unknown(str(error))
        self._silences = 0
        return self._judged(message, reply)

    def _sleeping(self, message: ZaloMessage) -> Answer | None:
        """Why this message is not even tried now, if so."""
        now = self._present()
        for one in resting(now):
            if one.scope == CHANNEL:
                return Answer(Result.UNREACHABLE, one.said, one.until)
            if one.scope == message.written.template_id:
                return Answer(CONSEQUENCES[Trouble(one.trouble)].result, one.said, one.until)
        return None

    def _sent(self, message: ZaloMessage) -> Reply:
        """Send with a good token: one that was refused is replaced and the message sent once more."""
        token = self._token()
        reply = self._post(message, token)
        if trouble_of(reply.error) is Trouble.TOKEN:
            reply = self._post(message, self._token(refused=token))
        return reply

    def _token(self, refused: str = "") -> str:
        """A token, with no transaction left open behind it."""
        try:
            return self._tokens.current(self._present(), refused)
        finally:
            forget()

    def _post(self, message: ZaloMessage, token: str) -> Reply:
        url, body = self._endpoints.of(message)
        return self._client.post_json(url, body, {"access_token": token})

    def _unknown(self, said: str) -> Answer:
        """It left and was not answered: it may have arrived, so it is never sent again by itself."""
        self._silences += 1
        if self._silences >= _MOST_SILENCES:
            now = self._present()
            rest(CHANNEL, Trouble.BUSY, "Zalo không trả lời nhiều tin liên tiếp", now + _SILENCE_LASTS, now=now)
        return Answer(Result.UNKNOWN, said)

    def _judged(self, message: ZaloMessage, reply: Reply) -> Answer:
        if reply.well:
            receipt = _receipt(reply.data)
            return Answer(Result.SENT, receipt=receipt) if receipt else Answer(Result.UNKNOWN, _NO_RECEIPT)
        trouble, now = trouble_of(reply.error), self._present()
        consequence = CONSEQUENCES[trouble]
        said = f"{WORDS[trouble]} ({reply.error} {reply.message[:150]})"
        until = consequence.until(now) if consequence.until else None
        self._follow(consequence, trouble, message, said, until, now)
        return Answer(consequence.result, said, until)

    def _follow(
        self,
        consequence: Consequence,
        trouble: Trouble,
        message: ZaloMessage,
        said: str,
        until: datetime | None,
        now: datetime,
    ) -> None:
        """Let rest what has to rest, and mark who cannot be reached."""
        if consequence.rests is Scope.CONSENT:
            self._tokens.give_up(said)
        if until and consequence.rests in (Scope.CHANNEL, Scope.TEMPLATE):
            scope = CHANNEL if consequence.rests is Scope.CHANNEL else message.written.template_id
            rest(scope, trouble, said, until, now=now)
        if consequence.marks_recipient:
            mark_unreachable(message.person_id, message.address, said, now=now)


def _receipt(data: Mapping[str, Any]) -> str:
    """Zalo's own name for the message, by phone or by user id."""
    told = data.get("data")
    told = told if isinstance(told, Mapping) else {}
    return str(told.get("msg_id") or told.get("message_id") or "")[:60]
