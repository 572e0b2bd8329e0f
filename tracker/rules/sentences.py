"""Figures as Vietnamese official prose: numbers, percents, dates and the sentence of the periodic report.

Thousands take a dot and decimals a comma; a rate never stands without its counts, and nothing is called
complete that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from tracker.rules.rates import Rate, Tally, rates

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
BLANK = "\u00a0" * 6
"""Room for what a hand fills in: a day, a number."""
_WEEKDAYS_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def count(number: int) -> str:
    """A count with a dot for thousands: 4.812."""
    return f"{number:,}".replace(",", ".")


def padded(number: int) -> str:
    """A count with two digits at least, as official papers write 1 to 9: 07."""
    return f"0{number}" if 0 < number < 10 else count(number)


def percent(rate: Rate, decimals: int = 2) -> str:
    """A rate as «91,85%», trailing zeros dropped; «–» when nothing has arisen, «<0,01%» when too small."""
    value = rate.rounded(decimals)
    if value is None:
        return "–"
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return ("<" if rate.vanishes(decimals) else "") + digits.replace(".", ",") + "%"


def amount(value: Decimal | None) -> str:
    """A value of a target: no trailing zeros, a comma for decimals; «–» for none."""
    if value is None:
        return "–"
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def short_date(day: date) -> str:
    """A date for tables: «T4 24/06/2026»."""
    return f"{_WEEKDAYS_SHORT[day.weekday()]} {day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """A date for sentences: «thứ Tư, 24/06/2026»."""
    return f"{_WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def paper_date(day: date | None, year: int) -> str:
    """The date of a paper: «ngày 05 tháng 01 năm 2020»; day and month stay blank until it is numbered and signed.

    Nghị định 30/2020: days below 10 and the months 1 and 2 take a zero, the other months none.
    """
    if day is None:
        return f"ngày{BLANK}tháng{BLANK}năm {year}"
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def cited_date(day: date) -> str:
    """A date inside a sentence of a paper, its zeros as in `paper_date`: «17/5/2026», «05/01/2026»."""
    return f"{day.day:02}/{_month(day)}/{day.year}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def distance(day: date, today: date) -> str:
    """How far a day is from today, in calendar days: «còn 12 ngày», «hôm nay», «đã qua 3 ngày»."""
    days = (day - today).days
    if days == 0:
        return "hôm nay"
    return f"còn {count(days)} ngày" if days > 0 else f"đã qua {count(-days)} ngày"


def when(at: datetime, now: datetime) -> str:
    """A moment as people say it: «07:05 hôm nay», «16:40 hôm qua», «07:05 ngày 15/06»; elsewhen with the year."""
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return f"{at:%H:%M} hôm {'qua' if days else 'nay'}"
    return f"{at:%H:%M} ngày {at:%d/%m}" + (f"/{at.year}" if at.year != now.year else "")


def official_sentence(tally: Tally, assigner: str = "UBND tỉnh", data_cutoff: date | datetime | None = None) -> str:
    """The sentence that periodic reports carry, with R1 as its rate; clauses about nothing are left out.

    A `datetime` as `data_cutoff` is given in house time and shows its hour.
    """
    if tally.total == 0:
        return _with_cutoff(f"Trong kỳ không phát sinh nhiệm vụ {assigner} giao.", data_cutoff)
    done = [
        f"Tổng số nhiệm vụ {assigner} giao: {_tasks(tally.total)}, trong đó: "
        f"số nhiệm vụ đã hoàn thành: {_tasks(tally.done)}, đạt tỷ lệ {percent(rates(tally)['R1'])}",
        f"hoàn thành đúng hạn {_tasks(tally.done_on_time)}"
        + _clause("hoàn thành quá hạn", tally.done_late)
        + _clause("không quy định thời hạn", tally.done_no_deadline),
        f"số nhiệm vụ đang thực hiện trong hạn: {_tasks(tally.open_in_term)}"
        + _clause("chưa xác định thời hạn", tally.open_no_deadline),
    ]
    overdue = (
        f"; {_tasks(tally.open_overdue)} quá hạn chưa hoàn thành."
        if tally.open_overdue
        else ". Không có nhiệm vụ quá hạn chưa hoàn thành."
    )
    return _with_cutoff("; ".join(done) + overdue, data_cutoff)


def parts_sentence(carried_over: int, in_period: int) -> str:
    """Where the work of a period comes from."""
    return f"Trong đó: kỳ trước chuyển sang {_tasks(carried_over)}; giao trong kỳ {_tasks(in_period)}."


def targets_sentence(met: int, total: int) -> str:
    """How many targets are met, in the padded form of reports; nothing when there are no targets."""
    if total == 0:
        return ""
    rate = percent(Rate(met, total))
    return f"Đã hoàn thành {padded(met)}/{padded(total)} mục tiêu cụ thể, đạt tỷ lệ {rate}."


def standing_sentence(number: int) -> str:
    """How many standing duties there are, which stand outside the rates."""
    if number == 0:
        return "Không có nhiệm vụ triển khai thường xuyên."
    return f"Ngoài ra có {padded(number)} nhiệm vụ triển khai thường xuyên, không tính vào tỷ lệ."


def silence_sentence(areas: Sequence[str], from_on: date, until_on: date, reason: str) -> str:
    """Where nobody was reminded, from which day to the end of which, and why: «… (lý do: bão số 5).»."""
    most = 5
    named = ", ".join(areas[:most]) + (f" và {padded(len(areas) - most)} đơn vị khác" if len(areas) > most else "")
    why = reason.strip().rstrip(".")
    return f"Tạm ngừng nhắc việc tại {named} từ ngày {from_on:%d/%m/%Y} đến ngày {until_on:%d/%m/%Y} (lý do: {why})."


def _tasks(number: int) -> str:
    return f"{count(number)} nhiệm vụ"


def _clause(words: str, number: int) -> str:
    """«, words N nhiệm vụ», or nothing about nothing."""
    return f", {words} {_tasks(number)}" if number else ""


def _with_cutoff(sentence: str, data_cutoff: date | datetime | None) -> str:
    """The sentence followed by the day, and the hour when it is known, up to which the figures hold."""
    if data_cutoff is None:
        return sentence
    hour = f"{data_cutoff:%H giờ %M} " if isinstance(data_cutoff, datetime) else ""
    return f"{sentence} (Số liệu tính đến {hour}ngày {cited_date(data_cutoff)})"
