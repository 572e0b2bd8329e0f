"""Letters on the wire, read back with the library that we do not write them with."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from builders import at
from hypothesis import given
from hypothesis import strategies as st
from mailing import SENDER

from tracker.reminders.channels.wire import on_the_wire
from tracker.reminders.letters.messages import Attachment, Mail

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60)
SENTENCES = st.lists(NAMES, min_size=1, max_size=12).map(" ".join)

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]))
VIETNAMESE = "Đôn đốc: Báo cáo kết quả triển khai Nghị quyết số 57-NQ/TW quý II năm 2026 – xã An Bình"


def mail(**changed):
    known = {
        "subject": VIETNAMESE,
        "text": "Kính gửi đồng chí,\n\nViệc còn 3 ngày.\n.\nHết.\n",
        "html": "<p>Kính gửi đồng chí</p>\n",
        "name": "Lê Quốc Cường",
        "address": "cuong@an-binh.example",
        "message_key": "<0123456789abcdef@dondoc.example>",
        "reply_to": "",
        "written_at": at("2026-06-22 07:00"),
    }
    return Mail(**{**known, **changed})


def read(letter):
    return message_from_bytes(on_the_wire(letter, SENDER), policy=policy.default)


@given(
    subject=SENTENCES,
    name=NAMES.filter(lambda name: len(name.encode()) < 40),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
)
def test_what_is_written_is_read_again_as_it_was(subject, name, text):
    """Names within one encoded word: Python 3.11 reads a blank between two, which we know from its own letters."""
    letter = mail(subject=subject, name=name, text=f"{text}\n")
    raw = message_from_bytes(on_the_wire(letter, SENDER))
    assert str(make_header(decode_header(raw["Subject"]))) == subject
    back = read(letter)
    assert back["To"].addresses[0].display_name == name
    assert back["To"].addresses[0].addr_spec == "cuong@an-binh.example"
    assert back.get_body(("plain",)).get_content() == f"{text}\n".replace("\n", "\r\n")


def test_a_long_vietnamese_subject_keeps_its_spaces():
    assert read(mail())["Subject"] == VIETNAMESE


def test_every_line_is_short_and_ends_as_the_protocol_wants():
    lines = on_the_wire(mail(subject="Ẫ" * 300, text="Ở" * 5000, name="Ữ" * 120), SENDER).split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize("nasty", ["a\r\nBcc: all@evil.example", "a\nBcc: x", "a\x00\x1bb", "=?utf-8?b?QmNj?="])
@pytest.mark.parametrize("field", ["subject", "name"])
def test_nothing_that_people_type_opens_a_header(field, nasty):
    back = read(mail(**{field: nasty}))
    assert back["Bcc"] is None and back.get_body(("plain",)) is not None
    shown = back["Subject"] if field == "subject" else back["To"].addresses[0].display_name
    assert shown == " ".join("".join(one if one.isprintable() else " " for one in nasty).split())


@pytest.mark.parametrize("address", ["", "a b@c.example", "a@b\r\nBcc: c@d.example", "xã@an-bình.example", "a@b@c"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="«"):
        on_the_wire(mail(address=address), SENDER)


def test_an_answer_goes_nowhere_rather_than_to_an_address_that_is_none():
    assert read(mail(reply_to="dung@tinh.example"))["Reply-To"] == "dung@tinh.example"
    assert read(mail(reply_to="dung tại tinh"))["Reply-To"] is None


def test_a_file_goes_with_the_letter_unharmed():
    paper = Attachment("Giao-ban-tuan-26.pdf", "application/pdf", bytes(range(256)) * 40)
    back = read(mail(attached=[paper]))
    (found,) = back.iter_attachments()
    assert (found.get_filename(), found.get_content_type()) == ("Giao-ban-tuan-26.pdf", "application/pdf")
    assert found.get_content() == paper.data
    assert back.get_body(("plain",)).get_content().startswith("Kính gửi")


def test_a_date_is_in_house_time():
    assert read(mail())["Date"].datetime == datetime.fromisoformat("2026-06-22T07:00+07:00")
