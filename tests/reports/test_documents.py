"""The papers that leave the house: their words as snapshots, their layout as the decree sets it, their numbers one.

SNAPSHOTS=write renews tests/reports/snapshots.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import time
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from builders import POLICY, a_commune, a_directive, a_document, a_province, at, somebody
from docx import Document
from docx.oxml.ns import qn
from papers import AS_OF, BASIS, MADE_AT, TODAY, Province, day, file, paper
from pypdf import PdfReader

from tracker.calendars.queries import working_calendar
from tracker.db import atomic, db
from tracker.errors import Invalid, NotFound, Refused
from tracker.reminders.settling import silence
from tracker.reports.documents.commune import UNWRITTEN, Words
from tracker.reports.documents.duties import duties
from tracker.reports.documents.facts import reconcile
from tracker.reports.documents.outlines import DEFAULT, outline, outlines
from tracker.reports.documents.pdf import NotPrinted, compiled
from tracker.reports.documents.sheet import Sheet
from tracker.reports.documents.wording import roman
from tracker.reports.documents.writing import FORMATS, KINDS, file_name, written
from tracker.reports.queries import Scope, figures
from tracker.reports.reading import report_text
from tracker.rules.access import Role
from tracker.rules.arithmetic import Verdict, check_text
from tracker.rules.lifecycle import State
from tracker.rules.periods import free
from tracker.rules.rates import Box, Direction, DoesNotAddUp, Tally
from tracker.tasks import deciding
from tracker.tasks.giving import assign, read_target, set_target
from tracker.tasks.queries import Day

SNAPSHOTS = Path(__file__).parent / "snapshots"
pytestmark = pytest.mark.usefixtures("database")
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def province(database):
    return Province()


OWN = {
    "trong-tam": Words("Hoàn thành bản đồ số.\n\nTriển khai mạng 5G."),
    "kien-nghi": Words(nil=True),
}


def papers_of(province):
    """Every kind of paper of the small province."""
    formal = {"basis": BASIS, "signing": "kt", "signer": "Nguyễn Văn An", "kept_by": "VHXH"}
    return {
        "commune": paper("commune", province.busy, formal=formal, own=OWN),
        "commune_idle": paper("commune", province.idle),
        "province": paper("province", province.unit),
        "urge": paper("urge", province.unit),
        "giao-ban": paper("giao-ban", province.unit),
    }


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["commune", "commune_idle", "province", "urge", "giao-ban"])
def test_a_paper_reads_as_its_snapshot(province, name, tmp_path):
    said = report_text(file(papers_of(province)[name], "docx", tmp_path)).replace("\u00a0", "·")
    kept = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        kept.write_text(said, "utf-8")
    assert said == kept.read_text("utf-8")


@pytest.mark.parametrize("name", ["commune", "commune_idle", "province", "urge", "giao-ban"])
def test_word_and_pdf_say_the_same_words(province, name, tmp_path):
    made = papers_of(province)[name]
    word, printed = (report_text(file(made, form, tmp_path)) for form in ("docx", "pdf"))
    assert Counter(tokens(word)) - Counter(tokens(printed)) == Counter()


def tokens(text):
    """The words of a text, page numbers and hyphens aside."""
    return re.findall(r"[\w%./]+", unicodedata.normalize("NFC", text).casefold())


@pytest.mark.parametrize("name", ["commune", "commune_idle", "province", "urge", "giao-ban"])
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_checker_passes_what_we_print(province, name, form, tmp_path):
    found = check_text(report_text(file(papers_of(province)[name], form, tmp_path)), TODAY)
    assert [one.why for one in found.statements if one.verdict in (Verdict.INCONSISTENT, Verdict.TRUNCATED)] == []


def test_the_section_on_assigned_tasks_is_the_one_sentence_of_the_figures(province, calendar_day):
    counted = figures(Scope(province.busy), calendar_day(AS_OF), today=TODAY)
    made = paper("commune", province.busy)
    assert counted.sentence in [block.text for block in made.body if hasattr(block, "text")]
    assert counted.tally.done == 4 and counted.tally.pending == 1


def test_what_nobody_wrote_is_said_to_be_unwritten_and_what_is_nothing_to_be_nothing(province):
    bare = [block.text for block in paper("commune", province.busy).body]
    assert bare.count(UNWRITTEN) == 2
    filled = [block.text for block in paper("commune", province.busy, own=OWN).body]
    assert UNWRITTEN not in filled
    assert "Không có đề xuất, kiến nghị." in filled and "Triển khai mạng 5G." in filled


def test_a_unit_without_tasks_reports_nothing_as_nothing(province):
    said = [block.text for block in paper("commune", province.idle).body]
    assert said[2].startswith("Trong kỳ không phát sinh nhiệm vụ UBND tỉnh giao.")
    assert "Không có mục tiêu, chỉ tiêu được giao." in said and "Không có khó khăn, vướng mắc." in said


@pytest.mark.parametrize(
    ("goal", "value", "met", "said"),
    [
        ("95", "90.5", False, "- Chưa đạt: Nộp trực tuyến: đạt 90,5/95 %."),
        (None, None, False, "- Chưa đạt: Nộp trực tuyến."),
        ("95", None, None, "- Chưa đạt: Nộp trực tuyến: chưa có số liệu."),
    ],
)
def test_a_target_that_is_not_met_is_said_with_its_value_where_it_has_one(province, goal, value, met, said):
    told = {"measure": "%", "by": province.issuer, "now": at("2026-02-04 08:00")}
    direction = Direction.AT_LEAST if goal else Direction.DECLARED
    directive = a_directive(province.unit, "50/KH-UBND")
    [target] = set_target(
        directive, [province.busy], content="Nộp trực tuyến", goal=goal and Decimal(goal), direction=direction, **told
    )
    if met is not None:
        number = value and Decimal(value)
        read_target(target, AS_OF, number, met, by=province.leader, now=at("2026-05-17 09:00"))
    assert said in [block.text for block in paper("commune", province.busy).body]


def test_in_a_city_the_papers_say_city(database):
    city = Province("Thành phố Cảng")
    made = paper("commune", city.busy)
    assert made.addressees == ("Ủy ban nhân dân thành phố Cảng",)
    assert any("UBND thành phố giao: 7 nhiệm vụ" in block.text for block in made.body)


def test_nobody_is_urged_when_nothing_is_overdue(province):
    with pytest.raises(Refused, match="không cần công văn đôn đốc"):
        paper("urge", province.busy)


def test_one_commune_is_urged_by_its_province_by_name_and_with_a_day_to_answer(province):
    made = paper("urge", province.late)
    assert made.letterhead.short == "UBND tỉnh Thử"
    assert made.addressees == ("Ủy ban nhân dân phường Sơn Hà",)
    assert any("trước ngày 22/5/2026" in block.text for block in made.body), "five working days after 17/5"


@pytest.mark.parametrize("form", ["docx", "pdf"])
@pytest.mark.parametrize("kind", ["commune", "province", "urge", "giao-ban"])
def test_every_paper_notes_where_nobody_was_reminded(province, kind, form, tmp_path):
    unit = province.unit if kind in ("province", "giao-ban") else province.late
    told = "Tạm ngừng nhắc việc tại Phường Sơn Hà từ ngày 16/05/2026 đến ngày 20/05/2026 (lý do: Bão số 2)."
    assert "Tạm ngừng" not in report_text(file(paper(kind, unit), form, tmp_path))
    silence(province.late, date(2026, 5, 16), date(2026, 5, 20), "Bão số 2", by=somebody(province.unit, Role.MONITOR),
            now=at("2026-05-16 08:00"))  # fmt: skip
    printed = " ".join(report_text(file(paper(kind, unit), form, tmp_path)).split())
    assert told in printed.replace("\u00a0", " ")


def test_a_paper_of_a_past_day_stays_the_same_whatever_happens_later(province, tmp_path):
    before = report_text(file(paper("province", province.unit), "docx", tmp_path))
    for number in range(3):
        province.given(province.late, None, f"Việc mới {number}", "2026-07-01", on="2026-05-18 08:00")
    assert report_text(
        file(paper("province", province.unit, today=TODAY + timedelta(days=90)), "docx", tmp_path)
    ) == (before)


def test_what_comes_to_light_later_changes_no_report_of_a_past_day(province, tmp_path):
    """A result sent by the day stands in it though it was returned since; a document shown later does not."""
    before = report_text(file(paper("commune", province.busy), "docx", tmp_path))
    waiting = next(one for one in province.tasks_of(province.busy) if one.state == State.SUBMITTED)
    deciding.send_back(waiting, "Thiếu", by=province.issuer, **day("2026-05-20"))
    document = a_document(province.busy)
    with atomic():
        document.doc_symbol, document.doc_on, document.added_at = "99/BC-UBND", AS_OF, at("2026-05-25 08:00")
    db.session.expire_all()
    assert report_text(file(paper("commune", province.busy), "docx", tmp_path)) == before


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def calendar_day(database):
    return lambda on: Day(on, working_calendar(), POLICY)


@pytest.mark.parametrize("on", [date(2026, 2, 4), date(2026, 4, 10), date(2026, 4, 16), AS_OF, TODAY])
def test_lists_are_as_long_as_the_numbers_they_stand_behind(province, calendar_day, on):
    tally = figures(Scope(province.unit), calendar_day(on), today=TODAY).tally
    listed = Counter(one.box for one in duties(Scope(province.unit), calendar_day(on), today=TODAY))
    assert {box: listed[box] for box in Box} == {box: getattr(tally, box.value) for box in Box}


@pytest.mark.parametrize("start", [date(2026, 1, 1), date(2026, 4, 1), date(2026, 5, 1)])
@pytest.mark.parametrize("today", [AS_OF, TODAY])
def test_a_report_of_a_period_lists_what_the_period_counts(province, calendar_day, start, today):
    province.given(province.late, None, "Việc tháng năm", "2026-05-10", on="2026-05-02 08:00")
    scope = Scope(province.unit, period=free(start, AS_OF))
    tally = figures(scope, calendar_day(AS_OF), today=today).tally
    listed = Counter(one.box for one in duties(scope, calendar_day(AS_OF), today=today))
    assert {box: listed[box] for box in Box} == {box: getattr(tally, box.value) for box in Box}
    made = paper("province", province.unit, today=today, period=scope.period)
    assert "số liệu đến hết ngày 17/5/2026" in made.about and str(start.year) in made.about


def test_a_list_that_does_not_match_its_number_is_not_printed(province, calendar_day):
    listed = duties(Scope(province.unit), calendar_day(AS_OF), today=TODAY)
    with pytest.raises(DoesNotAddUp, match="không khớp"):
        reconcile(Tally(done_on_time=99), listed)


def test_excel_keeps_numbers_dates_and_shares_and_runs_no_formula(province, tmp_path):
    province.given(province.late, None, "=1+1", "2026-04-20")
    book = openpyxl.load_workbook(file(paper("province", province.unit), "xlsx", tmp_path))
    units = [[cell.value for cell in row] for row in book["Phụ lục I"].iter_rows(min_row=2)]
    assert units[0][:3] == [1, "Xã An Bình", 7] and units[0][-1] == pytest.approx(4 / 7)
    assert units[-1][1:3] == ["Tổng cộng", 10] and book["Phụ lục I"].freeze_panes == "A2"
    assert book["Phụ lục I"].auto_filter.ref == "A1:J3", "the sum stays where it is"
    assert book["Phụ lục II"].row_dimensions[2].height == 30, "a long name is seen whole"
    assert "R1" in book["Cách tính"]["A1"].value and book.sheetnames[-1] == "Cách tính"
    overdue = [[cell.value for cell in row] for row in book["Phụ lục III"].iter_rows(min_row=3)]
    assert isinstance(overdue[0][3], datetime) and isinstance(overdue[0][4], int)
    assert any(cell == "=1+1" for row in overdue for cell in row)
    shown = book["Phụ lục III"]
    assert all(cell.data_type != "f" for row in shown.iter_rows() for cell in row)


# ── Layout ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_is_a4_with_the_margins_of_the_decree(province, tmp_path):
    document = Document(file(papers_of(province)["commune"], "docx", tmp_path))
    first, annex = document.sections[0], document.sections[1]
    sides = [round(side.mm) for side in (first.page_width, first.page_height, annex.page_width, annex.page_height)]
    assert sides == [210, 297, 297, 210]
    for section in document.sections:
        top, right = section.top_margin.mm, section.right_margin.mm
        bottom, left = section.bottom_margin.mm, section.left_margin.mm
        assert 19.9 < top < 25.1 and 19.9 < bottom < 25.1 and 29.9 < left < 35.1 and 14.9 < right < 20.1
        assert section.different_first_page_header_footer
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_letters_are_times_new_roman_for_every_script(province, tmp_path):
    document = Document(file(papers_of(province)["commune"], "docx", tmp_path))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    sizes = {int(size.get(qn("w:val"))) / 2 for size in document.element.body.iter(qn("w:sz"))}
    assert sizes <= {2, 6, 11, 12, 13, 14}


def test_head_and_foot_stand_where_the_decree_puts_them(province, tmp_path):
    document = Document(file(papers_of(province)["commune"], "docx", tmp_path))
    head, foot = document.tables[0], document.tables[1]
    issuer, nation = (cell.text.split("\n") for cell in head.rows[0].cells)
    assert issuer[:2] == ["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH"]
    assert nation[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    number, place = (cell.text for cell in head.rows[1].cells)
    assert re.fullmatch(r"Số:\s+/BC-UBND", number) and re.fullmatch(r"An Bình, ngày\s+tháng\s+năm 2026", place)
    left, right = (cell.text.split("\n") for cell in foot.rows[0].cells)
    assert left[0] == "Nơi nhận:" and left[1] == "- Như trên;" and left[-1] == "- Lưu: VT, VHXH."
    assert right == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn An"]
    assert document.paragraphs[0].text == "BÁO CÁO"


def test_a_letter_has_its_matter_under_the_symbol_and_no_title(province, tmp_path):
    document = Document(file(papers_of(province)["urge"], "docx", tmp_path))
    assert "V/v đôn đốc" in document.tables[0].rows[1].cells[0].text
    assert document.paragraphs[0].text.startswith("Kính gửi: ")


def test_number_and_date_are_printed_when_they_are_given(province):
    made = paper("commune", province.busy, formal={"number": "05", "dated": date(2026, 1, 5)})
    assert made.numbered == "Số: 05/BC-UBND"
    assert made.place_and_date == "An Bình, ngày 05 tháng 01 năm 2026"


def test_pdf_has_letters_of_its_own_and_the_same_paper_gives_the_same_bytes(province):
    made = papers_of(province)["commune"]
    twice = [written(made, "pdf", made_at=MADE_AT) for _ in range(2)]
    assert twice[0] == twice[1]
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(twice[0])).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all("Tinos" in font for font in fonts)


def test_pdf_with_any_doubt_about_its_letters_is_not_made(monkeypatch, tmp_path):
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "x.typ").write_text('#set text(font: "No Such Letters")\nChữ')
    monkeypatch.setattr("tracker.reports.documents.pdf.data_dir", lambda _: tmp_path)
    with pytest.raises(NotPrinted):
        compiled("x.typ", "x", {}, MADE_AT)


def test_nobodys_words_become_markup(province, tmp_path):
    nasty = '#read("/etc/hostname") $x$ [a] <b>&amp; *đậm*'
    made = paper("commune", province.busy, own={**OWN, "trong-tam": Words(nasty)})
    for form in ("docx", "pdf"):
        assert nasty.replace(" ", "") in report_text(file(made, form, tmp_path)).replace(" ", "").replace("\n", "")


def test_signs_that_our_letters_lack_become_boxes_and_control_characters_vanish(province, tmp_path):
    odd = "✅ xong\u200b 中 \x00\x1f\ttừ\u0309 \x85 hết"
    made = paper("commune", province.busy, own={**OWN, "trong-tam": Words(odd)})
    assert "✅ xong" in report_text(file(made, "docx", tmp_path))
    printed = report_text(file(made, "pdf", tmp_path)).replace("\u00a0", " ")
    assert "□ xong □" in printed and "hết" in printed
    assert file(made, "xlsx", tmp_path).stat().st_size


def test_the_sheet_of_the_meeting_is_one_page_even_with_long_names(database, tmp_path):
    crowded = a_province(name="Tỉnh " + "Rất Dài " * 4)
    place = Province.__new__(Province)
    place.unit = crowded
    place.issuer = somebody(crowded, Role.ISSUER)
    watcher = somebody(crowded, Role.MONITOR)
    plan = a_directive(crowded, "12/KH-UBND")
    contents = [f"Nhiệm vụ rất dài số {n} " + "rà soát, bổ sung, hoàn thiện quy chế " * 3 for n in range(6)]
    for number in range(12):
        commune = a_commune(crowded, f"L{number}", f"Xã Có Tên Rất Dài Số {number}")
        for content in contents:
            place.given(commune, plan, content, "2026-04-15")
        silence(commune, AS_OF, AS_OF, f"Lũ quét và mất liên lạc ở vùng {number}", by=watcher,
                now=at(f"{AS_OF} 06:00"))  # fmt: skip
    made = paper("giao-ban", crowded)
    assert isinstance(made, Sheet)
    assert len(PdfReader(file(made, "pdf", tmp_path)).pages) == 1
    assert pages_in_libreoffice(file(made, "docx", tmp_path)) == 1


@on_sqlite
@pytest.mark.parametrize("name", ["commune", "province", "urge", "giao-ban"])
def test_libreoffice_opens_the_word_file_and_shows_every_word(app, province, name, tmp_path):
    path = file(papers_of(province)[name], "docx", tmp_path)
    shown = report_text(in_libreoffice(path))
    assert Counter(tokens(report_text(path))) - Counter(tokens(shown)) == Counter()


def in_libreoffice(path):
    """The file as LibreOffice prints it."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: tools/test-needs.sh installs it"
    folder = path.parent / "printed"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.pdf"


def pages_in_libreoffice(path):
    return len(PdfReader(in_libreoffice(path)).pages)


# ── Outlines and kinds ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_five_real_reports_have_an_outline_each_and_ours_comes_first():
    assert outlines()[0].key == DEFAULT and len(outlines()) == 6
    assert [part.heading for part in outline("nq57-thai-nguyen").appendices][8].startswith("Danh mục đề xuất")
    assert all(any(part.fills == "duties" for part in one.sections) for one in outlines())
    with pytest.raises(NotFound):
        outline("khong-co")


def test_every_outline_can_be_printed(province):
    for one in outlines():
        made = paper("commune", province.busy, outline=one.key)
        assert len(made.annexes) == len(one.appendices)
        assert written(made, "docx", made_at=MADE_AT)


def test_the_consolidated_report_of_96_communes_takes_less_than_three_seconds(database):
    place = Province()
    plan = a_directive(place.unit, "40/KH-UBND")
    units = [a_commune(place.unit, f"X{n}", f"Xã Số {n}") for n in range(96)]
    one = place.given(place.late, plan, "Rà soát", "2026-04-15")
    assign([one.task], units, by=place.issuer, now=at("2026-02-05 08:00"))
    began = time.perf_counter()
    assert written(paper("province", place.unit), "docx", made_at=MADE_AT)
    assert time.perf_counter() - began < 3


def test_short_appendices_share_a_page(province, tmp_path):
    made = paper("commune", province.busy, outline="nq57-thai-nguyen")
    pdf = PdfReader(file(made, "pdf", tmp_path))
    pages = [page.extract_text() for page in pdf.pages]
    assert any("Phụ lục III" in page and "Phụ lục IV" in page for page in pages)


def test_lines_of_an_appendix_with_columns_become_rows_below_their_groups(province, tmp_path):
    lines = "Cơ quan tự xử lý được\nTuyên truyền kỹ năng số | UBND xã | UBND xã | Đoàn thể | Kỹ năng số | Năm 2026\n"
    lines += "Cần sở, ngành hướng dẫn\nTập huấn AI | Sở | UBND xã"
    own = {"pl-9": Words(lines), "pl-3": Words(nil=True)}
    made = paper("commune", province.busy, outline="nq57-thai-nguyen", own=own)
    ninth = next(annex for annex in made.annexes if annex.number == "IX")
    assert [(row.kind, row.cells[:2]) for row in ninth.blocks[0].rows] == [
        ("group", ("I", "Cơ quan tự xử lý được")),
        ("row", (1, "Tuyên truyền kỹ năng số")),
        ("group", ("II", "Cần sở, ngành hướng dẫn")),
        ("row", (1, "Tập huấn AI")),
    ]
    assert ninth.landscape and {len(row.cells) for row in ninth.blocks[0].rows} == {2, 7}
    assert [block.text for block in made.annexes[2].blocks] == ["Không có."]
    assert "Năm 2026" in report_text(file(made, "docx", tmp_path))


def test_kinds_and_formats_are_named_in_a_sentence(province):
    with pytest.raises(Invalid, match="một trong"):
        paper("khac", province.unit)
    with pytest.raises(Invalid, match=r"\.docx"):
        written(papers_of(province)["urge"], "odt", made_at=MADE_AT)
    assert file_name("urge", "19", AS_OF, "docx") == "Cong-van-don-doc_19_2026-05-17.docx"
    assert set(FORMATS) == {"docx", "pdf", "xlsx"} and len(KINDS) == 4


@pytest.mark.parametrize(("number", "said"), [(1, "I"), (4, "IV"), (10, "X"), (11, "11")])
def test_appendices_are_numbered_in_roman(number, said):
    assert roman(number) == said
