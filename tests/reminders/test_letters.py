"""The letters that people get, as files that can be read: tests/reminders/snapshots. SNAPSHOTS=write renews them."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

import html5lib
import pytest
from builders import at
from hypothesis import given
from hypothesis import strategies as st
from mailing import HEAD

from tracker.reminders.channels.wire import on_the_wire
from tracker.reminders.letters.items import Item
from tracker.reminders.letters.messages import (
    MOST_BYTES,
    SUBJECT_LENGTH,
    Attachment,
    Letter,
    Mail,
    Week,
    digest,
    line,
    plain,
    reply_to,
    sender_name,
    shortened,
    single,
    weekly,
)
from tracker.reminders.letters.wholes import ALONE, Of, State, Whole
from tracker.rules.notices import INBOX_ONLY, Hearer, Step
from tracker.tasks.queries import Load

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = date(2026, 6, 22)
NOW = at("2026-06-22 07:05")
NAME = "Lê Quốc Cường"
PAPER, ISSUER = "Quyết định 1204/QĐ-UBND ngày 19/06/2026", "Trần Thị Giao"


def facts(**changed):
    known = {
        "id": 31,
        "content": "Báo cáo kết quả triển khai Nghị quyết số 57-NQ/TW tháng 6",
        "deliverable": "Báo cáo của UBND xã, kèm phụ lục số liệu",
        "ordinal": "II.3",
        "doc_symbol": "5426/UBND-KGVX",
        "issued_on": date(2026, 5, 17),
        "unit_name": "Xã An Bình",
        "assigner_name": "UBND tỉnh Thử",
        "officer_name": NAME,
        "officer_phone": "0900 000 031",
        "officer_email": "cuong@an-binh.example",
        "monitor_id": 7,
        "monitor_name": "Phạm Thị Dung",
        "monitor_phone": "0900 000 001",
        "monitor_email": "dung@tinh.example",
        "state_label": "Đang thực hiện",
        "difficulty_label": "Dữ liệu chưa đủ, chưa đúng",
        "updated_at": at("2026-06-20 16:12"),
        "due_on": None,
        "returned": False,
        "upward": False,
        "unnamed_by_zalo": False,
        "province_name": "Tỉnh Thử",
        "internal_due": date(2026, 6, 20),
        "extensions": 1,
        "standing": False,
    }
    return plain({**known, **changed})


def item(step, left=None, hearer=Hearer.OFFICER, detail="", new_due=None, **changed):
    told = {name: changed.pop(name) for name in ("old_due", "document", "by", "reader_id") if name in changed}
    end = TODAY + timedelta(days=left) if left is not None else None
    return Item(step, facts(**changed), hearer, end, left, detail, new_due, **told)


SINGLES = {
    "due_soon": item(Step.DUE_SOON, 3),
    "due_today": item(Step.DUE_TODAY, 0),
    "overdue": item(Step.OVERDUE, -4),
    "due_soon_day_off": item(Step.DUE_SOON, 7, due_on=date(2026, 6, 27)),
    "overdue_monitor": item(Step.MONITOR, -5, Hearer.MONITOR, reader_id=7),
    "overdue_leader": item(
        Step.LEADER, -8, Hearer.PROVINCIAL_LEADERS, officer_name=None, difficulty_label="", monitor_name=None
    ),
    "assigned": item(Step.ASSIGNED, 23, Hearer.UNIT_LEADERS),
    "assigned_standing": item(Step.ASSIGNED, None, Hearer.UNIT_LEADERS, standing=True, deliverable=""),
    "delegated": item(Step.DELEGATED, 23),
    "returned": item(Step.RETURNED, 3, detail="Thiếu danh sách thành viên Tổ công nghệ số cộng đồng"),
    "returned_late": item(Step.RETURNED, -2, detail="Thiếu phụ lục"),
    "extension_granted": item(
        Step.EXTENSION_GRANTED,
        23,
        detail="Đồng ý theo đề nghị của xã",
        new_due=date(2026, 7, 15),
        old_due=date(2026, 6, 30),
        by="Trần Thị Giao",
    ),
    "unreceived": item(Step.UNRECEIVED, 23, Hearer.UNIT_LEADERS),
    "amended": item(Step.AMENDED, 23, detail="30/KH-UBND ngày 15/03/2026"),
    "urged": item(Step.URGED, 8, detail="Trình tôi trước thứ Sáu"),
    "nudged": item(Step.NUDGED, -4, detail="Đề nghị gửi báo cáo trước 15 giờ hôm nay"),
    "withdrawn": item(
        Step.WITHDRAWN, 23, detail="Nội dung đã được gộp vào kế hoạch quý III", document=PAPER, by=ISSUER
    ),
    "withdrawn_by_amendment": item(
        Step.WITHDRAWN, -3, Hearer.COORDINATORS, document="30/KH-UBND ngày 15/03/2026", by=ISSUER
    ),
    "suspended": item(
        Step.SUSPENDED, 23, Hearer.UNIT_LEADERS, detail="Chờ hướng dẫn của Bộ", document=PAPER, by=ISSUER
    ),
    "resumed": item(Step.RESUMED, 8, detail="Đã có hướng dẫn của Bộ", by=ISSUER),
    "reopened": item(Step.REOPENED, 8, detail="Số liệu trong báo cáo chưa đủ 12 thôn", document=PAPER, by=ISSUER),
    "decline_refused": item(Step.DECLINE_REFUSED, -2, detail="Nhiệm vụ thuộc thẩm quyền của xã", by=ISSUER),
    "extension_refused": item(Step.EXTENSION_REFUSED, 8, detail="Không đủ căn cứ"),
}


def many(number, step, first, hearer=Hearer.OFFICER, **changed):
    return [
        item(step, first + n, hearer, content=f"Nhiệm vụ số {n + 1} của chương trình", id=n, **changed)
        for n in range(number)
    ]


DIGESTS = {
    "digest": [
        *many(2, Step.OVERDUE, -4),
        item(Step.DUE_TODAY, 0),
        *many(7, Step.DUE_SOON, 1),
        item(Step.ASSIGNED, 23, officer_name=None),
        item(Step.RETURNED, 3, detail="Thiếu danh sách"),
    ],
    "digest_withdrawn": [
        item(Step.DUE_TODAY, 0),
        *many(2, Step.WITHDRAWN, 12),
        item(Step.SUSPENDED, -2),
        item(Step.RESUMED, 8),
    ],
    "digest_leader": many(9, Step.WEEKLY, -55, Hearer.UNIT_LEADERS),
    "digest_morning": [
        *many(5, Step.DAILY, -40, Hearer.UNIT_LEADERS),
        *(item(Step.DAILY, 0, Hearer.UNIT_LEADERS, id=number, officer_name=None) for number in (38, 39)),
        item(Step.LAST_WARNING, 1, Hearer.UNIT_LEADERS, id=40),
        item(Step.RETURNED, 3, Hearer.UNIT_LEADERS, id=41, detail="Thiếu danh sách"),
    ],
    "digest_escalated": [
        *many(1, Step.LEADER, -8, Hearer.UNIT_LEADERS),
        *many(4, Step.DAILY, -30, Hearer.UNIT_LEADERS),
        item(Step.DAILY, 0, Hearer.UNIT_LEADERS, id=40, officer_name=None),
    ],
    "digest_nudged": [item(Step.NUDGED, left, id=30 + n, by="Phạm Thị Dung") for n, left in enumerate((-4, 3, None))],
    "digest_province": [
        *many(3, Step.WEEKLY, -20, Hearer.PROVINCIAL_LEADERS, officer_name=None),
        item(Step.WEEKLY, -12, Hearer.PROVINCIAL_LEADERS, unit_name="Phường Sơn Hà"),
    ],
}


STANDS = Load(overdue=9, today=2, soon=6, pending=2, returned=1, unassigned=3, stuck=1)
WHOLES = {
    "digest_morning": Whole(Of.UNIT, unit_id=12, state=State("xã An Bình", 12, STANDS)),
    "digest_escalated": Whole(
        Of.UNIT,
        unit_id=12,
        load=STANDS,
        oldest=facts(content="Hồ sơ cấp độ an toàn hệ thống thông tin"),
        oldest_end=TODAY - timedelta(days=57),
        state=State("xã An Bình", 12, STANDS),
    ),
    "digest": Whole(Of.PERSON, unit_id=12, person_id=9, load=Load(overdue=3, today=1, soon=8, pending=2, returned=1)),
    "digest_leader": Whole(
        Of.UNIT,
        unit_id=12,
        load=Load(overdue=11, today=1, soon=4, pending=5, returned=1, unassigned=2, stuck=1),
        oldest=facts(content="Hồ sơ cấp độ an toàn hệ thống thông tin"),
        oldest_end=TODAY - timedelta(days=57),
    ),
}


def letter(name) -> Letter:
    if name == "weekly":
        return weekly(NAME, "lãnh đạo cơ quan giao việc", WEEK, HEAD)
    if name in SINGLES:
        return single(NAME, SINGLES[name], HEAD)
    return digest(NAME, DIGESTS[name], NOW, HEAD, WHOLES.get(name, ALONE))


WEEK = Week(
    number=26,
    unit_name="Tỉnh Thử",
    at=at("2026-06-22 07:00"),
    sentence="Tính đến hết ngày 22/6/2026, UBND tỉnh giao 1.204 nhiệm vụ; đã hoàn thành 979 nhiệm vụ, đạt 81,3%.",
    rate="81,3%",
    overdue=127,
    change=14,
    worst=["Xã Sơn Hà: 9 việc, lâu nhất 55 ngày", "Xã An Bình: 7 việc, lâu nhất 20 ngày"],
    sheet=Attachment("Giao-ban-tuan-26.pdf", "application/pdf", b""),
    province="Tỉnh Thử",
)
LETTERS = [*SINGLES, *DIGESTS, "weekly"]


def headers(name) -> dict[str, str]:
    """The headers by which letters differ from each other."""
    if name == "weekly":
        return {"From": sender_name({WEEK.province}), "Attachment": WEEK.sheet.name}
    items = [SINGLES[name]] if name in SINGLES else DIGESTS[name]
    said = {"From": sender_name({one.facts.province_name for one in items}), "Reply-To": reply_to(items)}
    return {key: value for key, value in said.items() if value}


def held(file, said):
    """The snapshot of this text, renewed when it is asked for."""
    if os.environ.get("SNAPSHOTS") == "write":
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_its_snapshot(name):
    said = letter(name)
    top = "".join(f"{key}: {value}\n" for key, value in headers(name).items())
    held(SNAPSHOTS / f"{name}.txt", f"{top}Subject: {said.subject}\n\n{said.text}")
    held(SNAPSHOTS / f"{name}.html", said.html)


@pytest.mark.parametrize("name", LETTERS)
def test_both_parts_say_the_same_and_stay_light(name):
    said = letter(name)
    html5lib.HTMLParser(strict=True).parse(said.html)
    body = re.sub(r"<[^>]+>", " ", re.sub("</?b>", "", said.html.partition("<main>")[2]))
    for words in said.text.split():
        if not re.fullmatch(r"-|--|https?:.*|.*:", words):
            assert words in body
    assert len(said.html.encode()) < MOST_BYTES
    assert "<img" not in said.html
    assert len(said.subject) <= SUBJECT_LENGTH


def test_the_heaviest_digest_stays_light_and_keeps_all_its_lines():
    steps = [(Step.OVERDUE, -4), (Step.DUE_TODAY, 0), (Step.DUE_SOON, 3), (Step.ASSIGNED, 9), (Step.RETURNED, 2)]
    content, unit = "Triển khai nghiêm túc nhiệm vụ được giao " * 9, "Xã Nguyễn Thượng Phước Nghĩa Hưng"
    heavy = {"content": content, "unit_name": unit, "officer_name": "Nguyễn Thị Phương Thảo Nguyên"}
    items = [
        item(step, left, Hearer.UNIT_LEADERS, id=100_000 + number, **heavy)
        for step, left in [*steps, (Step.NUDGED, 1)]
        for number in range(7)
    ]
    for whole in (ALONE, WHOLES["digest"]):
        said = digest(NAME, items, NOW, HEAD, whole)
        assert len(said.html.encode()) < MOST_BYTES
        assert said.text.count("\n- ") == 36


def test_what_people_wrote_can_neither_break_a_header_nor_the_page():
    nasty = 'Báo cáo\nBcc: all@example <script>alert("x")</script> **đậm** [Bấm] https://evil.example'
    said = single(NAME, item(Step.RETURNED, 3, detail="Thiếu", content=nasty), HEAD)
    assert "\n" not in said.subject and "<script" not in said.html
    mail = Mail(said.subject, said.text, said.html, NAME, "a@b.example", "<1@b.example>", "", at("2026-06-22 07:00"))
    assert b"Bcc" not in on_the_wire(mail, "Đôn Đốc <x@y.example>").partition(b"\r\n\r\n")[0]
    assert 'href="https://evil.example' not in said.html


@given(
    st.text(min_size=1, max_size=200),
    st.integers(-200, 40),
    st.sampled_from([*set(Step) - INBOX_ONLY - {Step.DAILY}]),
)
def test_a_subject_is_never_too_long_whatever_the_task_is_called(content, left, step):
    one = item(step, left, content=content, new_due=date(2026, 7, 15))
    assert len(single(NAME, one, HEAD).subject) <= SUBJECT_LENGTH


@given(st.text(max_size=300), st.integers(2, 100))
def test_a_text_is_cut_at_a_word_and_never_longer(text, most):
    cut = shortened(text, most)
    assert len(cut) <= most
    assert cut == text or cut.endswith("…")


def test_a_line_of_the_inbox_has_ninety_characters_at_most():
    said = line("Trả lại", "Báo cáo kết quả " * 10, "Thiếu danh sách")
    assert len(said) <= 90 and said.startswith("Trả lại: Báo cáo kết quả")


def test_when_nothing_is_overdue_any_more_in_the_figures_a_letter_speaks_of_itself_alone():
    """The work may be done between judging a notice and counting its unit, and some work no figure counts."""
    said = digest(NAME, DIGESTS["digest_leader"], NOW, HEAD, Whole(Of.UNIT, unit_id=12))
    assert said == digest(NAME, DIGESTS["digest_leader"], NOW, HEAD, ALONE)
    assert said.subject.startswith("Nhắc 9 việc quá hạn của xã An Bình")
