"""Official Vietnamese sentences and numbers, made from figures and from nothing else."""

from __future__ import annotations

from datetime import date, datetime

from tracker.rules.rates import Rate, Tally, rates

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
SHORT_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def count(number: int) -> str:
    """A whole number with a point for thousands: 4.812."""
    return f"{number:,}".replace(",", ".")


def padded(number: int) -> str:
    """A count as reports write small ones: 07."""
    return f"{number:02}" if number < 10 else count(number)


def percent(rate: Rate) -> str:
    """A rate as reports print it: 40%, 87,5%, 98,63%, «<0,01%», «–» for 0/0 (D6)."""
    value = rate.percent
    if value is None:
        return "–"
    if rate.vanishes(2):
        return "<0,01%"
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


def long_date(day: date) -> str:
    """thứ Tư, 24/06/2026."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def short_date(day: date) -> str:
    """T4 24/06/2026."""
    return f"{SHORT_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def official_sentence(tally: Tally, assigner: str = "UBND tỉnh", data_cutoff: date | datetime | None = None) -> str:
    """The sentence of the periodic report (domain.md b.4), its zeros said in words."""
    if tally.total == 0:
        return f"Trong kỳ không phát sinh nhiệm vụ {assigner} giao." + _cutoff(data_cutoff)
    done = [f"hoàn thành đúng hạn {count(tally.done_on_time)} nhiệm vụ"]
    if tally.done_late:
        done.append(f"hoàn thành quá hạn {count(tally.done_late)} nhiệm vụ")
    if tally.done_no_deadline:
        done.append(f"không quy định thời hạn {count(tally.done_no_deadline)} nhiệm vụ")
    running = [f"số nhiệm vụ đang thực hiện trong hạn: {count(tally.open_in_term)} nhiệm vụ"]
    if tally.open_no_deadline:
        running.append(f"chưa xác định thời hạn {count(tally.open_no_deadline)} nhiệm vụ")
    overdue = f"{count(tally.open_overdue)} nhiệm vụ quá hạn chưa hoàn thành."
    if tally.open_overdue == 0:
        overdue = "Không có nhiệm vụ quá hạn chưa hoàn thành."
    return (
        f"Tổng số nhiệm vụ {assigner} giao: {count(tally.total)} nhiệm vụ, trong đó: "
        f"số nhiệm vụ đã hoàn thành: {count(tally.done)} nhiệm vụ, đạt tỷ lệ {percent(rates(tally)['R1'])}; "
        f"{', '.join(done)}; {', '.join(running)}. {overdue}{_cutoff(data_cutoff)}"
    )


def targets_sentence(met: int, total: int) -> str:
    """«Đã hoàn thành 09/10 mục tiêu, đạt 90%.»; nothing when there are no targets."""
    if total == 0:
        return ""
    return f"Đã hoàn thành {padded(met)}/{padded(total)} mục tiêu, đạt {percent(Rate(met, total))}."


def _cutoff(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    hour = f"{moment:%H:%M} " if isinstance(moment, datetime) else ""
    return f" (Số liệu tính đến {hour}ngày {moment.day}/{moment.month}/{moment.year})"
