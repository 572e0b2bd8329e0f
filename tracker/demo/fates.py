"""What befalls a fictional assignment: drawn by chance from how near the due date is and how reliable the unit."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.clock import HOUSE_ZONE
from tracker.demo.lives import Law, Life, Staff
from tracker.evidence.models import Evidence
from tracker.rules.lifecycle import Kind, Move
from tracker.tasks.models import Submission

_GOING = (
    ("Đang triển khai theo kế hoạch, đã họp phân công các bộ phận.", ""),
    ("Đã hoàn thành khoảng một nửa khối lượng công việc.", ""),
    ("Đã có dự thảo, đang lấy ý kiến các thôn, tổ dân phố.", ""),
    ("Đang chờ sở hướng dẫn chi tiết biểu mẫu.", "institution"),
    ("Số liệu các xã cũ chuyển giao chưa khớp, đang đối chiếu.", "data"),
    ("Đường truyền yếu, máy tính cũ nên nhập liệu chậm.", "infrastructure"),
    ("Chưa bố trí được kinh phí thực hiện.", "finance"),
    ("Công chức phụ trách kiêm nhiệm nhiều việc, chưa đủ người.", "staff"),
    ("Đang chờ đơn vị phối hợp gửi ý kiến.", "coordination"),
    ("Mưa lũ chia cắt, chưa đến được các thôn vùng sâu.", "objective"),
)
_DONE = (
    "Đã hoàn thành, gửi kèm văn bản kết quả.",
    "Đã thực hiện xong các nội dung được giao; số liệu nêu trong văn bản kèm theo.",
    "Hoàn thành 100% nội dung, không có tồn tại.",
)
_RETURNS = (
    "Thiếu biểu số liệu theo mẫu kèm theo kế hoạch.",
    "Số liệu chưa khớp với báo cáo tháng trước, đề nghị kiểm tra lại.",
    "Văn bản chưa có chữ ký số của người có thẩm quyền.",
)
_FATES_AHEAD = ("done", "review", "handed_up", "returned", "extension", "declined", "suspended", "new", "received")


@dataclass
class Chance:
    """The dice of the demo: a fixed seed, the calendar, and the last day on which something can have happened."""

    dice: random.Random
    law: Law
    today: date

    @property
    def yesterday(self) -> date:
        """Nothing of the demo happens later than this."""
        return self.today - timedelta(days=1)

    def day(self, first: date, last: date) -> date:
        """A working day from `first` to `last`, and `first` where there is none; never later than yesterday."""
        first = min(first, self.yesterday)
        last = max(first, min(last, self.yesterday))
        chosen = first + timedelta(days=self.dice.randint(0, (last - first).days))
        while chosen > first and not self.law.calendar.is_working(chosen):
            chosen -= timedelta(days=1)
        return chosen


def moment(day: date, hour: int) -> datetime:
    """A moment of a day, minutes as they fall."""
    return datetime.combine(day, time(hour, day.toordinal() * 7 % 60), HOUSE_ZONE)


def fate(life: Life, chance: Chance, trust: float) -> str:
    """What is to befall it. `trust` is how reliable the unit is, from 0 to 1."""
    one, roll = life.assignment, chance.dice.random
    if one.kind == Kind.STANDING:
        return "standing"
    if one.due_on is not None and one.due_on < chance.today:
        age = (chance.today - one.due_on).days
        still_open = (1 - trust) * (0.34 if age <= 7 else 0.22 if age <= 30 else 0.1 if age <= 90 else 0.05)
        if roll() < still_open:
            return chance.dice.choices(
                ("working", "returned", "received", "handed_up", "late_review", "new"), (60, 12, 10, 6, 9, 3)
            )[0]
        return chance.dice.choices(
            ("done", "done_late", "done_twice", "extended", "cancelled", "suspended"),
            (84, 40 * (1 - trust), 4, 3, 0.3, 0.4),
        )[0]
    passed = (chance.today - one.assigned_on).days
    share = passed / max(1, ((one.due_on or chance.today + timedelta(days=60)) - one.assigned_on).days)
    near = one.due_on is not None and (one.due_on - chance.today).days <= 12
    weights = (
        60 * trust * share * share,
        8 * share,
        5 * share,
        2 * share,
        3 if near and passed > 3 else 0,
        0.8,
        0.5 if passed > 5 else 0,
        45 if passed <= 3 else 12 * (1 - trust),
        12,
    )
    return chance.dice.choices((*_FATES_AHEAD, "working"), (*weights, 30))[0]


def befall(life: Life, staff: Staff, chance: Chance, what: str, document: Evidence) -> None:
    """Let it happen, step by step, no later than yesterday."""
    if what == "new":
        return
    one, dice = life.assignment, chance.dice
    officer = dice.choice(staff.officers)
    day = chance.day(one.assigned_on, one.assigned_on + timedelta(days=4))
    if what == "declined":
        life.receive(staff.leader, moment(day, 9))
        reason = "Trên địa bàn không có đối tượng thuộc phạm vi nhiệm vụ."
        life.end(Move.DECLINE, staff.leader, moment(day, 16), reason)
        return
    life.receive(staff.leader, moment(day, 9))
    if what == "received":
        return
    own = one.due_on - timedelta(days=3) if one.due_on and (one.due_on - day).days > 10 else None
    life.delegate(staff, officer, moment(day, 10), own)
    if what == "standing":
        for later in (90, 60, 30, 5):
            on = max(day, chance.yesterday - timedelta(days=later))
            life.progress(officer, moment(on, 11 + later % 4), "Duy trì thường xuyên trong tháng.")
        return
    if what in ("working", "extension", "suspended", "cancelled"):
        _work_on(life, staff, chance, what, day)
        return
    _finish(life, staff, chance, what, day, document)


def _work_on(life: Life, staff: Staff, chance: Chance, what: str, day: date) -> None:
    one, dice = life.assignment, chance.dice
    by = staff.officers[0]
    if what == "working" or dice.random() < 0.5:
        day = chance.day(max(day, chance.yesterday - timedelta(days=25)), chance.yesterday)
        text, cause = dice.choice(_GOING if dice.random() < 0.6 else _GOING[:3])
        life.progress(by, moment(day, 11), text, cause)
    if what == "extension" and one.due_on is not None:
        last = chance.yesterday - timedelta(days=2)
        life.ask_extension(
            by,
            moment(chance.day(max(day, last), chance.yesterday), 15),
            one.due_on + timedelta(days=14),
            _GOING[4][0],
        )
    if what in ("suspended", "cancelled"):
        if life.assignment.state == "received" and what == "suspended":
            life.progress(by, moment(day, 12), *_GOING[0])
        move = Move.SUSPEND if what == "suspended" else Move.CANCEL
        life.end(move, staff.monitor, moment(day, 17), "Chờ sắp xếp lại đơn vị.", "Công văn số 208/UBND-TH")


def _finish(life: Life, staff: Staff, chance: Chance, what: str, day: date, document: Evidence) -> None:
    one = life.assignment
    due = life.law.effective_due(one.due_on) or chance.yesterday
    recent = max(day, chance.yesterday - timedelta(days=5))
    if what == "extended" and one.due_on is not None:
        asked = chance.day(day, due - timedelta(days=2))
        until = one.due_on + timedelta(days=10)
        request = life.ask_extension(staff.officers[0], moment(asked, 11), until, _GOING[9][0])
        decided = max(asked, min(asked + timedelta(days=1), chance.yesterday))
        life.extend(request, staff.monitor, moment(decided, 13), "Đồng ý theo đề nghị của xã.")
        day, due = decided, due + timedelta(days=8)
    if what in ("done_late", "late_review"):
        sent = chance.day(due + timedelta(days=1), due + timedelta(days=18))
    elif what in ("review", "handed_up", "returned"):
        sent = chance.day(recent, chance.yesterday)
    else:
        sent = chance.day(max(day, due - timedelta(days=20)), due)
    if what == "late_review":
        sent = max(sent, recent)
    submission = _hand_up(life, staff, chance, sent, document)
    if what == "handed_up":
        return
    life.submit(submission, staff.leader, moment(sent, 16))
    if what in ("review", "late_review"):
        return
    answered = sent + timedelta(days=1)
    while not chance.law.calendar.is_working(answered):
        answered += timedelta(days=1)
    if answered > chance.yesterday:
        return
    if what in ("returned", "done_twice"):
        life.send_back(submission, staff.monitor, moment(answered, 10), chance.dice.choice(_RETURNS))
        if what == "returned" or answered + timedelta(days=4) > chance.yesterday:
            return
        again = answered + timedelta(days=2)
        submission = _hand_up(life, staff, chance, again, document)
        life.submit(submission, staff.leader, moment(again, 16))
        answered = again + timedelta(days=1)
    life.confirm(submission, staff.monitor, moment(answered, 10))


def _hand_up(life: Life, staff: Staff, chance: Chance, day: date, document: Evidence) -> Submission:
    document.doc_on = document.doc_on or day
    document.added_at = document.added_at or moment(day, 13)
    return life.write(staff.officers[0], moment(day, 14), chance.dice.choice(_DONE), document)
