"""The way of Zalo through the outbox: what was claimed becomes messages of templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.reminders.channels.zalo.carrier import ZaloMessage
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.delivering.judging import Judged
from tracker.reminders.delivering.packing import Packed
from tracker.reminders.delivering.writing import Way, Write
from tracker.reminders.messages import Item, Letterhead
from tracker.reminders.models import Message
from tracker.rules.reminding import Channel


def by_zalo(writer: Writer) -> Way:
    """The way of Zalo, with the templates that this writer has."""

    def messages(packed: Packed, now: datetime, head: Letterhead) -> Write:
        def written(message: Message, pairs: Judged, items: Sequence[Item]) -> ZaloMessage:
            contact = pairs[0][1].contact
            said = writer.write(contact.name, items, now)
            message.address, message.subject = contact.zalo, said.subject[:200]
            return ZaloMessage(contact.person_id, contact.zalo, message.message_key, said)

        return written

    return Way(Channel.ZALO, messages)
