"""The way of Zalo through the outbox: what was claimed becomes messages of templates."""

from __future__ import annotations

from datetime import datetime

from tracker.reminders.channels.zalo.carrier import ZaloMessage
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.delivering.packing import Packed
from tracker.reminders.delivering.writing import Parcel, Way, with_items
from tracker.reminders.messages import Letterhead
from tracker.rules.reminding import Channel


def by_zalo(writer: Writer) -> Way:
    """The way of Zalo, with the templates that this writer has."""

    def write(packed: Packed, now: datetime, head: Letterhead) -> list[Parcel]:
        parcels = []
        for message, pairs, items in with_items(packed, now):
            contact = pairs[0][1].contact
            written = writer.write(contact.name, items, now)
            message.address, message.subject = contact.zalo, written.subject[:200]
            told = ZaloMessage(contact.person_id, contact.zalo, message.message_key, written)
            parcels.append(Parcel(message.id, told))
        return parcels

    return Way(Channel.ZALO, write)
