"""The checker convicts only what contradicts itself: figures, sums and dates of reports."""

from __future__ import annotations

import json
import time
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.arithmetic import DateVerdict, Kind, Verdict, check_text
from tracker.rules.rates import Tally
from tracker.rules.sentences import official_sentence

JUDGED = {Verdict.CONSISTENT, Verdict.TRUNCATED, Verdict.INCONSISTENT}


def verdicts(text: str) -> set[str]:
    """What the checker is sure of."""
    return {s.verdict.value for s in check_text(text).statements} & {v.value for v in JUDGED}


CONSISTENT = [
    "Thu ngân sách 12.345 triệu đồng/12.000 triệu đồng, đạt 102,9% dự toán",
    "Trang bị 40 máy tính/41 cán bộ, đạt 97,6%",
    "đã cấp 1.500 tài khoản định danh/2.000 người, đạt 75%",
    "đạt 99,01%, cụ thể 400/404 hồ sơ",
    "8. 633/8. 682 hồ sơ đạt 99,44 %",
    "Toàn xã có 45 đảng viên, trong đó nữ 15 đồng chí (33,33%)",
    "Tiếp nhận 120 hồ sơ (kỳ trước chuyển sang 10, tiếp nhận mới 110), đã giải quyết 115, đang giải quyết 05",
    "Tổng kinh phí 1,5 tỷ đồng, trong đó ngân sách tỉnh 1 tỷ đồng, ngân sách xã 500 triệu đồng",
    "Số nhiệm vụ hoàn thành 4, đang thực hiện 6, tổng 10",
    "Toàn xã có 500 hộ: hộ nghèo 20 hộ (4,0%), hộ cận nghèo 35 hộ (7,0%), giảm 5 hộ (12,5%) so với năm trước",
    "Tỷ lệ giải ngân 300 triệu/1,2 tỷ đồng, đạt 25%",
    "Đã xử lý 197/200 phiếu, đạt 98,5%.",
    "đạt 98,5% (197/200 phiếu)",
    "Hoàn thành 07/08 nhiệm vụ (87,5%), 09/10 mục tiêu đạt 90 %",
    "14706/14722 hồ sơ đạt 99.89 %",
    "quá hạn 12 trên tổng số 400 hồ sơ, chiếm 3,0%",
    "12 hồ sơ quá hạn (tỷ lệ 3%) trên 400 hồ sơ",
    "Tổng số cử tri 5.210, đã đi bầu 5.198 cử tri, đạt 99,77%.",
    "Sở A được giao 20 nhiệm vụ, hoàn thành 15, bằng 75%",
    "Tổng số nhiệm vụ: 10 nhiệm vụ, trong đó:\n\n- Số nhiệm vụ đã hoàn thành: 4 nhiệm vụ, đạt tỷ lệ 40%",
    "- Số hồ sơ đã giải quyết: 14651\n + Số hồ sơ đã giải quyết đúng hạn: 14650 hồ sơ, đạt tỉ lệ 99,99 %",
    "Diện tích lúa 1.250,5 ha/1.300 ha, đạt 96,19%",
    "Giải quyết 8. 682 hồ sơ, trong đó đúng hạn 8. 633 hồ sơ (99, 44 %)",
    "bàn giao 30,5; 76,25%; chưa bàn giao 9,5",
    "còn 07 trên 08 kiến nghị, chiếm 87,5 phần trăm",
    "Giao 381 thủ tục, trong đó:\n- Toàn trình: 222 thủ tục.\n- Một phần: 159 thủ tục.",
    "Tiếp nhận 405 hồ sơ (400 hồ sơ trong kỳ, 05 hồ sơ kỳ trước): 405/405 hồ sơ, đạt 100%",
    "Giải quyết 118 hồ sơ, trong đó đúng hạn 117 hồ sơ, quá hạn 1 hồ sơ; đang giải quyết 20 hồ sơ.",
    "xử lý 24/30 vụ, còn lại 6 vụ",
    "Kinh phí 390 triệu đồng (gồm: mua sắm 300 triệu đồng; đào tạo 90 triệu đồng)",
    "Có 60 hộ đăng ký, trong đó 45/60 hộ đã nộp, đạt trên 70%",
]
TRUNCATED = ["20/30 kiến nghị, đạt 66,66%", "8.682 hồ sơ, trong đó quá hạn 4 hồ sơ (chiếm tỷ lệ 0.04%)"]
INCONSISTENT = [
    "Thu ngân sách 12.345 triệu đồng/12.000 triệu đồng, đạt 103,9% dự toán",
    "Trang bị 40 máy tính/41 cán bộ, đạt 79,6%",
    "đạt 99,91%, cụ thể 400/404 hồ sơ",
    "Tổng số hộ 500 hộ, số hộ nghèo 20 hộ (4,0%), hộ cận nghèo 35 hộ (8,0%)",
    "Tổng số cử tri 5.210 người, số cử tri đi bầu 5.205 người, đạt 99,09%",
    "Tiếp nhận 1.245 hồ sơ, đã giải quyết 1.230 hồ sơ, đạt tỷ lệ 97,8%",
    "Kế hoạch vốn 9.000 triệu đồng, đã giải ngân 4.500 triệu đồng, đạt 55% kế hoạch",
    "- Tổng số hồ sơ đã giải quyết: 400 hồ sơ.\n- Trong đó: đúng hạn 390 hồ sơ, đạt 98,5%.",
    "có 12.376 người tham gia BHYT trên tổng dân số 13.000 người, đạt 96,2%",
    "Đã hoàn thành 40 nhiệm vụ (đạt 88,9%), trong đó đúng hạn 38, quá hạn 3",
    "- Đã giải quyết: 115 hồ sơ, trong đó:\n+ Trước hạn: 90 hồ sơ;\n+ Đúng hạn: 20 hồ sơ;\n+ Quá hạn: 6 hồ sơ.",
    "Tổng số 120 hồ sơ, trong đó: trực tuyến 100 hồ sơ, trực tiếp 25 hồ sơ",
    "tiếp nhận 08 đơn (khiếu nại 03, kiến nghị 06)",
    "Tổng đàn gia súc 3.500 con, trong đó trâu 1.200 con, bò 900 con, lợn 1.500 con",
    "Hội đồng có 25 thành viên, trong đó: nam 15 người, nữ 9 người",
    "Chưa xong: trong hạn 5, quá hạn 6; đã hoàn thành: đúng hạn 6; Tổng số nhiệm vụ 4",
    "12534/12555 hồ sơ, đạt 99.99 %",
    "đạt 99,5% (197/200 phiếu)",
    "Hoàn thành 07/08 nhiệm vụ (90%)",
    "quá hạn 12 trên tổng số 400 hồ sơ, chiếm 4,0%",
    "12 hồ sơ quá hạn (tỷ lệ 4%) trên 400 hồ sơ",
    "Tổng số cử tri 5.210, đã đi bầu 5.198 cử tri, đạt 98,77%.",
    "Sở A được giao 20 nhiệm vụ, hoàn thành 15, bằng 85%",
    "Trong 400 thôn đạt chuẩn có 100 thôn (26%) kiểu mẫu",
    "Tổng số nhiệm vụ: 10 nhiệm vụ, trong đó:\n\n- Số nhiệm vụ đã hoàn thành: 4 nhiệm vụ, đạt tỷ lệ 45%",
    "Số hồ sơ đã giải quyết: 8.682 hồ sơ, trong đó, trả đúng hạn 8.633 hồ sơ (đạt tỷ lệ 99,96%)",
    "đã giải quyết 8.682 hồ sơ: đúng hạn 8.633, quá hạn 4; đang giải quyết 35",
    "giải quyết 118 hồ sơ, đúng hạn 115 hồ sơ, quá hạn 1 hồ sơ",
    "Có 20 nhiệm vụ, trong đó đã hoàn thành 15 nhiệm vụ, chưa hoàn thành 4 nhiệm vụ",
    "tiếp 50 lượt: đất đai 30, môi trường 05, lĩnh vực khác 14",
    "xử lý 24/30 vụ, còn lại 5 vụ",
    "Số dịch vụ công trực tuyến: 413, trong đó: toàn trình 196, một phần 162",
    "Số dịch vụ công trực tuyến: 413, trong đó:\n\nSTT\tCấp xã\t\n1\tToàn trình\tMột phần\n\t196\t162\n",
    "tỷ lệ ký số văn bản đạt trên 100% (trừ văn bản mật)",
    "Tỷ lệ hồ sơ đúng hạn đạt 101,2%",
    "Tổng nguồn vốn 20 tỷ đồng, đã giải ngân 12,5 tỷ đồng, đạt 72,5%",
    "3/10 hồ sơ, đạt trên 50%",
    "Tổng số nhiệm vụ: 10 nhiệm vụ, trong đó: số nhiệm vụ đã hoàn thành: 4 nhiệm vụ; hoàn thành đúng hạn"
    " 4 nhiệm vụ; đang thực hiện trong hạn: 5 nhiệm vụ. Không có nhiệm vụ quá hạn chưa hoàn thành.",
    "tiếp nhận 500 hồ sơ (gồm: kỳ trước chuyển sang 20 hồ sơ, tiếp nhận mới 470 hồ sơ)",
    "Tổng số TTHC: 358; toàn trình: 196, một phần: 152, trực tiếp: 0",
    "số tiền 390.000.000 đồng (bao gồm: mua sắm: 200.000.000đ; đào tạo: 180.000.000 đồng)",
    "15/18 chỉ tiêu đạt và vượt kế hoạch, chiếm 88,3%",
    "Tổng số: 36 nhiệm vụ. Trong đó: đã hoàn thành 30 nhiệm vụ, chưa hoàn thành 5 nhiệm vụ.",
]
SAYS_NOTHING = [
    "Tổng số hộ 500 hộ, số hộ nghèo 20 hộ, trong đó hộ chính sách 5 hộ, giảm 12,5%",
    "Tổng số 44 cán bộ, công chức; 40 người có trình độ đại học; 38 người được tập huấn, đạt 75% yêu cầu đề ra",
    "Có 40 cán bộ, trong đó nữ 39 người, đảng viên 38 người, trình độ đại học 39 người",
    "Tổng kinh phí 390 triệu đồng, trong đó ngân sách tỉnh 200 triệu đồng, ngân sách xã 180 triệu đồng",
    "100% cán bộ, công chức có máy tính; tỷ lệ số hóa đạt 95%",
    "cung cấp 31/45 dịch vụ công",
    "Kế hoạch số 49/KH-UBND ngày 12/02/2026; Nghị quyết số 57-NQ/TW; Nghị quyết số 193/2025/QH15",
    "Tính đến 31/5, đạt 95% kế hoạch; trực 24/7; mạng 4G/5G; giai đoạn 2026-2030; Đề án 06",
    "Thu ngân sách 12.345 triệu đồng, đạt 105% dự toán, tăng 10% so với cùng kỳ",
    "Toàn xã có 12/15 thôn đạt 100% hộ dùng nước sạch.",
    "Có 9/9 xã đạt tỷ lệ dưới 10%; 3/10 xã đạt trên 50% tiêu chí.",
    "Hoàn thành 07/08 nhiệm vụ, tỷ lệ số hóa hồ sơ đạt 100%.",
    "Tổng số 25 nhiệm vụ; 5 nhiệm vụ đang triển khai đạt 60% khối lượng.",
    "Tổng số 15 xã, trong đó 10 xã đạt 100% chỉ tiêu.",
    "Tổng số đảng viên: 250 đồng chí; kết nạp mới 5 đồng chí, đạt 50%.",
    "Tổng số hội viên 300 người; đã kết nạp 5 hội viên, đạt 50% kế hoạch.",
    "Cơ quan có 41 người, trong đó: nữ 18 người, đảng viên 38 người",
    "Ban hành 25 văn bản, gồm: 10 kế hoạch, 5 công văn và văn bản khác.",
    "Tiếp nhận 250 hồ sơ: đã giải quyết 231, đang giải quyết 4.",
    "Thôn 12: đã hoàn thành 5, chưa hoàn thành 2.",
    "Tổng số 10 nhiệm vụ, trong đó: hoàn thành 4 nhiệm vụ, đang thực hiện trong hạn 5 nhiệm vụ.",
    "Giải quyết 12 đơn (trong đó 2 đơn khiếu nại), đạt 85%.",
    "Có 24/24 đại biểu tán thành, bằng 96% tổng số đại biểu.",
    "Trồng 45/60 ha, đạt 50% kế hoạch năm.",
    "Hoàn thành 15/20 chỉ tiêu, còn lại 3 chỉ tiêu đang thực hiện, 2 chỉ tiêu chưa đạt.",
    "Xếp hạng 12/34 tỉnh, đạt 85,3%; quy hoạch tỷ lệ 1/500, đạt 60%",
    "Có 40 lĩnh vực: đất đai 5 hồ sơ, hộ tịch 20 hồ sơ, lĩnh vực khác 30 hồ sơ.",
    "Tổng số 120 hồ sơ, trong đó 45 hồ sơ trực tuyến, đạt 100%.",
    "giải quyết 51.200 hồ sơ. Trong đó, tại trung tâm giải quyết đúng hạn 12.345 hồ sơ, quá hạn 5 hồ sơ.",
    "hơn 2,5 triệu hồ sơ, trong đó trên 1,9 triệu hồ sơ trực tuyến, chiếm 77,4%",
    "12/15 dự án, giảm 5%; cao hơn 3% so với năm 2025",
    "Tập hợp 1.250 kiến nghị. Đã giải quyết xong 105 kiến nghị, chiếm 8,9%.",
    "đạt trên 100% kế hoạch; triển khai trên 100% các thôn",
    "H24.111-260204-1002; BML10; 0912345678; 1.2.3. Mục",
    "",
]


@pytest.mark.parametrize("text", CONSISTENT)
def test_figures_that_agree_are_consistent(text: str) -> None:
    assert verdicts(text) == {"consistent"}


@pytest.mark.parametrize("text", TRUNCATED)
def test_digits_cut_off_are_no_error_but_are_named(text: str) -> None:
    assert verdicts(text) == {"truncated"}


@pytest.mark.parametrize("text", INCONSISTENT)
def test_a_contradiction_is_found(text: str) -> None:
    assert "inconsistent" in verdicts(text)


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_nothing_is_said_where_the_base_is_not_certain(text: str) -> None:
    assert verdicts(text) == set()


def _printed(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


counts = st.integers(min_value=1, max_value=900_000)


@given(st.data(), counts, st.integers(min_value=0, max_value=3), st.booleans())
def test_any_share_printed_half_up_is_consistent(data: st.DataObject, base: int, decimals: int, dots: bool) -> None:
    part = data.draw(st.integers(min_value=0, max_value=base))
    stated = (Decimal(part) * 100 / base).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    a, b = (f"{n:,}".replace(",", ".") if dots else str(n) for n in (part, base))
    assert verdicts(f"Đã giải quyết {a}/{b} hồ sơ, đạt tỷ lệ {_printed(stated)}%.") == {"consistent"}


@given(st.data(), counts, st.integers(min_value=0, max_value=3), st.sampled_from([-3, -2, 2, 3]))
def test_any_share_two_last_digits_off_is_inconsistent(
    data: st.DataObject, base: int, decimals: int, off: int
) -> None:
    part = data.draw(st.integers(min_value=0, max_value=base))
    unit = Decimal(1).scaleb(-decimals)
    stated = (Decimal(part) * 100 / base).quantize(unit, ROUND_HALF_UP) + off * unit
    if stated >= 0:
        assert verdicts(f"Đã giải quyết {part}/{base} hồ sơ, đạt tỷ lệ {_printed(stated)}%.") == {"inconsistent"}


@given(counts, counts, st.integers(min_value=-50, max_value=50))
def test_on_time_and_late_make_the_resolved(on_time: int, late: int, gap: int) -> None:
    total = on_time + late + gap
    if max(on_time, late) <= total:
        said = verdicts(f"Đã giải quyết {total} hồ sơ, trong đó đúng hạn {on_time} hồ sơ, quá hạn {late} hồ sơ.")
        assert said == {"inconsistent" if gap else "consistent"}


@given(st.text(alphabet="0123456789/%.,;:() \n\tđạtổngsốhồ-QĐ", max_size=200))
def test_no_text_breaks_the_checker_and_every_quote_stands_where_it_says(text: str) -> None:
    found = check_text(text)
    for finding in [*found.statements, *found.dates]:
        assert text[finding.start :].startswith(finding.quote)
    json.dumps(found.as_json())


def test_quotes_of_decomposed_text_are_those_of_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Đã giải quyết 12534/12555 hồ sơ, đạt 99.99 %")
    (statement,) = check_text(text).statements
    assert statement.verdict is Verdict.INCONSISTENT
    assert text[statement.start :].startswith(statement.quote) and statement.quote.endswith("%")


def test_the_shape_that_programs_read_stays() -> None:
    found = check_text("12534/12555 hồ sơ, đạt 99.99 %, theo Kế hoạch số 9/KH-UBND ngày 02/01/2026", date(2026, 2, 1))
    assert found.as_json() == {
        "statements": [
            {
                "quote": "12534/12555 hồ sơ, đạt 99.99 %",
                "start": 0,
                "type": "ratio",
                "stated": "99,99%",
                "computed": "99,83%",
                "verdict": "inconsistent",
                "why": "12.534/12.555 = 99,83%, báo cáo ghi 99,99%.",
            }
        ],
        "dates": [
            {
                "quote": "9/KH-UBND ngày 02/01/2026",
                "start": 49,
                "document": "9/KH-UBND",
                "date": "2026-01-02",
                "verdict": "consistent",
                "why": "Không sau ngày báo cáo.",
            }
        ],
    }


def test_the_missing_forty_five_are_counted() -> None:
    text = "Đã giải quyết: 8.682 hồ sơ, trong đó, trả đúng hạn 8.633 hồ sơ, trả quá hạn 4 hồ sơ."
    (statement,) = check_text(text).statements
    assert statement.type is Kind.SUM
    assert (statement.stated, statement.computed) == ("8.682", "8.637")
    assert "còn thiếu 45" in statement.why


HEAD = "Vĩnh Bảo, ngày 9 tháng 6 năm 2026\n\n"
DATES = [
    (HEAD + "Kế hoạch số 213 ngày 13/6/2026", {"213": "inconsistent"}),
    (HEAD + "Kế hoạch số 213/KH-UBND ngày 09/6/2026", {"213/KH-UBND": "consistent"}),
    ("An Trường, ngày   tháng 5 năm 2026\nQĐ 7/QĐ-UBND ngày 31/5/2026", {"7/QĐ-UBND": "consistent"}),
    ("An Trường, ngày   tháng 5 năm 2026\nQĐ 7/QĐ-UBND ngày 01/6/2026", {"7/QĐ-UBND": "inconsistent"}),
    ("Thông báo số 84/TB-HĐND ngày 24 tháng 10 năm 2025", {"84/TB-HĐND": "not_checkable"}),
    (HEAD + "Quyết định số 8/QĐ-UBND ngày 31/4/2026", {"8/QĐ-UBND": "inconsistent"}),
    (
        HEAD + "Quyết định số 445/QĐ-UBND ngày 07/5/2026 về A; Quyết định số 440/QĐ-UBND ngày 08/5/2026 về B;",
        {"445/QĐ-UBND": "disordered", "440/QĐ-UBND": "disordered"},
    ),
    (
        HEAD + "Kế hoạch số 49/KH-UBND ngày 12/02/2026 của UBND thành phố; số 65/KH-UBND ngày 01/02/2026 về C;",
        {"49/KH-UBND": "consistent", "65/KH-UBND": "consistent"},
    ),
    (
        HEAD + "Kế hoạch số 137/KH-UBND ngày 31/12/2025 về D; Kế hoạch số 38/KH-UBND ngày 03/02/2026 về E;",
        {"137/KH-UBND": "consistent", "38/KH-UBND": "consistent"},
    ),
    (HEAD + "hoàn thành trước ngày 31/12/2030; Nghị quyết 57-NQ/TW", {}),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_cited_documents_stand_in_time(text: str, expected: dict[str, str]) -> None:
    assert {found.document: found.verdict.value for found in check_text(text).dates} == expected


def test_the_day_that_is_told_counts_before_the_day_in_the_head() -> None:
    (found,) = check_text(HEAD + "Kế hoạch số 213 ngày 13/6/2026", date(2026, 6, 30)).dates
    assert found.verdict is DateVerdict.CONSISTENT


def test_a_number_longer_than_any_count_is_no_count() -> None:
    assert verdicts("9" * 6000 + "/" + "9" * 6000 + " hồ sơ, đạt 100%") == set()


_SOME = st.integers(0, 60)


@given(st.builds(Tally, _SOME, _SOME, _SOME, _SOME, _SOME, _SOME))
def test_our_own_sentence_of_any_tally_is_never_called_wrong(tally):
    found = check_text(official_sentence(tally, data_cutoff=date(2026, 5, 17)))
    assert [one.why for one in found.statements if one.verdict in (Verdict.INCONSISTENT, Verdict.TRUNCATED)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hoàn thành 19.999/20.000 nhiệm vụ, đạt 99,99%.", "consistent"),
        ("Hoàn thành 1.999/2.000 nhiệm vụ, đạt 99,99%.", "inconsistent"),
        ("Hoàn thành 1/30.000 nhiệm vụ, đạt <0,01%.", "consistent"),
        ("Hoàn thành 30/30.000 nhiệm vụ, đạt <0,01%.", "inconsistent"),
    ],
)
def test_what_is_almost_all_or_almost_nothing_is_printed_as_neither(text, said):
    (statement,) = check_text(text).statements
    assert statement.verdict.value == said


def test_the_number_of_a_row_is_no_part_of_what_its_task_says():
    assert verdicts("1.1 Nâng tỷ lệ hồ sơ trực tuyến lên 0%, đợt 200 200/KH-UBND 29/10/2025 200") == set()
    assert verdicts("2.10\tĐạt 100% hồ sơ số hóa\t40/KH-UBND\t12/11/2026\t15") == set()


def test_done_work_is_not_held_against_all_that_is_open():
    said = "đã hoàn thành: 4 nhiệm vụ; hoàn thành đúng hạn 4 nhiệm vụ; đang thực hiện trong hạn: 6 nhiệm vụ. "
    assert not [
        one.why
        for one in check_text(f"{said}Không có nhiệm vụ quá hạn chưa hoàn thành.").statements
        if one.verdict is Verdict.INCONSISTENT
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 60_000 + "10",
        ("10" + " " * 500 + "%") * 40,
        "." * 60_000,
        "1\t" * 10_000,
        "10 hồ sơ, trong đó: 5; " * 2_000,
    ],
    ids=["lines", "spaces", "stops", "cells", "lists"],
)
def test_no_text_makes_the_checker_slow(text: str) -> None:
    begun = time.process_time()
    check_text(text)
    assert time.process_time() - begun < 5
