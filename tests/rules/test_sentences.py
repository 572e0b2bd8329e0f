"""Official prose: the sentence of the periodic report, numbers and dates as papers write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.rules.rates import Rate, Tally
from tracker.rules.sentences import (
    count,
    distance,
    long_date,
    official_sentence,
    padded,
    percent,
    short_date,
    silence_sentence,
    standing_sentence,
    targets_sentence,
    when,
)

FIVE_IN_THE_AFTERNOON = datetime(2026, 5, 17, 17, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def test_the_sentence_of_a_commune_with_nothing_overdue_says_so_in_words():
    assert official_sentence(Tally(done_on_time=4, open_in_term=6)) == (
        "Tổng số nhiệm vụ UBND tỉnh giao: 10 nhiệm vụ, trong đó: số nhiệm vụ đã hoàn thành: 4 nhiệm vụ, "
        "đạt tỷ lệ 40%; hoàn thành đúng hạn 4 nhiệm vụ; số nhiệm vụ đang thực hiện trong hạn: 6 nhiệm vụ. "
        "Không có nhiệm vụ quá hạn chưa hoàn thành."
    )


def test_every_box_that_is_not_empty_has_its_clause():
    tally = Tally(2000, 30, 4, 500, 60, 7)
    assert official_sentence(tally, "Thành ủy", FIVE_IN_THE_AFTERNOON) == (
        "Tổng số nhiệm vụ Thành ủy giao: 2.601 nhiệm vụ, trong đó: "
        "số nhiệm vụ đã hoàn thành: 2.034 nhiệm vụ, đạt tỷ lệ 78,2%; "
        "hoàn thành đúng hạn 2.000 nhiệm vụ, hoàn thành quá hạn 30 nhiệm vụ, "
        "không quy định thời hạn 4 nhiệm vụ; số nhiệm vụ đang thực hiện trong hạn: 500 nhiệm vụ, "
        "chưa xác định thời hạn 7 nhiệm vụ; 60 nhiệm vụ quá hạn chưa hoàn thành. "
        "(Số liệu tính đến 17 giờ 00 ngày 17/5/2026)"
    )


def test_a_period_without_tasks_is_reported_as_such():
    assert official_sentence(Tally(standing=5), data_cutoff=date(2026, 5, 17)) == (
        "Trong kỳ không phát sinh nhiệm vụ UBND tỉnh giao. (Số liệu tính đến ngày 17/5/2026)"
    )


def test_targets_and_standing_duties_are_said_beside_the_total():
    assert targets_sentence(9, 10) == "Đã hoàn thành 09/10 mục tiêu cụ thể, đạt tỷ lệ 90%."
    assert targets_sentence(0, 0) == ""
    assert standing_sentence(12).startswith("Ngoài ra có 12 nhiệm vụ triển khai thường xuyên")
    assert standing_sentence(0) == "Không có nhiệm vụ triển khai thường xuyên."


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "written"),
    [
        (4, 10, 2, "40%"),
        (7, 8, 2, "87,5%"),
        (2501, 2723, 2, "91,85%"),
        (14650, 14651, 2, "99,99%"),
        (14650, 14651, 1, "99,9%"),
        (1, 100000, 2, "<0,01%"),
        (1, 10000, 2, "0,01%"),
        (1, 10000, 1, "<0,1%"),
        (7, 100000, 2, "0,01%"),
        (2501, 2723, 0, "92%"),
        (100, 100, 0, "100%"),
        (10, 100, 0, "10%"),
        (0, 100, 2, "0%"),
        (0, 0, 2, "–"),
    ],
)
def test_a_percent_is_written_the_vietnamese_way(numerator, denominator, decimals, written):
    assert percent(Rate(numerator, denominator), decimals) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (999, "999"), (4812, "4.812"), (1234567, "1.234.567")])
def test_thousands_take_a_dot(number, written):
    assert count(number) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (7, "07"), (10, "10"), (4812, "4.812")])
def test_counts_below_ten_are_padded(number, written):
    assert padded(number) == written


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 6, 24), "thứ Tư, 24/06/2026", "T4 24/06/2026"),
        (date(2026, 6, 28), "Chủ nhật, 28/06/2026", "CN 28/06/2026"),
        (date(2026, 6, 1), "thứ Hai, 01/06/2026", "T2 01/06/2026"),
    ],
)
def test_a_date_names_its_weekday(day, long, short):
    assert (long_date(day), short_date(day)) == (long, short)


@pytest.mark.parametrize(
    ("day", "words"), [(24, "còn 12 ngày"), (13, "còn 1 ngày"), (12, "hôm nay"), (9, "đã qua 3 ngày")]
)
def test_a_day_is_so_far_from_today(day: int, words: str) -> None:
    assert distance(date(2026, 6, day), date(2026, 6, 12)) == words


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("2026-06-24T07:05", "07:05 hôm nay"),
        ("2026-06-23T23:59", "23:59 hôm qua"),
        ("2026-06-15T07:05", "07:05 ngày 15/06"),
        ("2025-12-31T07:05", "07:05 ngày 31/12/2025"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(said, written):
    assert when(datetime.fromisoformat(said), datetime.fromisoformat("2026-06-24T08:00")) == written


def test_a_silence_is_said_with_its_area_its_days_and_its_reason() -> None:
    days = date(2026, 6, 15), date(2026, 6, 20)
    assert silence_sentence(["Xã An Bình"], *days, "Bão số 5.") == (
        "Tạm ngừng nhắc việc tại Xã An Bình từ ngày 15/06/2026 đến ngày 20/06/2026 (lý do: Bão số 5)."
    )
    many = silence_sentence([f"Xã {n}" for n in range(8)], *days, "Lũ")
    assert "Xã 0, Xã 1, Xã 2, Xã 3, Xã 4 và 03 đơn vị khác từ ngày" in many
