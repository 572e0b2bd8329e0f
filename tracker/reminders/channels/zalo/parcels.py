"""The way of Zalo through the outbox: what was claimed becomes messages of templates."""

from __future__ import annotations

from datetime import datetime

from tracker.reminders.channels.zalo.carrier import ZaloMessage
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.delivering.judging import Judged
from tracker.reminders.delivering.packing import Packed
from tracker.reminders.delivering.writing import Parcel, Way, Written, each
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.messages import Letterhead
from tracker.reminders.letters.wholes import Whole
from tracker.reminders.models import Message
from tracker.rules.notices import Channel


def by_zalo(writer: Writer) -> Way:
    """The way of Zalo, with the templates that this writer has."""

    def write(packed: Packed, now: datetime, head: Letterhead) -> Written:
        def parcel(message: Message, pairs: Judged, items: list[Item], whole: Whole) -> Parcel:
            contact = pairs[0][1].contact
            written = writer.write(contact.name, items, now, whole)
            message.address, message.subject = contact.zalo, written.subject[:200]
            return Parcel(message.id, ZaloMessage(contact.person_id, contact.zalo, message.message_key, written))

        return each(packed, now, head.policy, parcel)

    return Way(Channel.ZALO, write)
