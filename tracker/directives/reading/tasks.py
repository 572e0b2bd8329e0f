"""One row of a table becomes one proposed task: texts tidied, units told apart, the deadline read, gaps named."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.directives.reading.columns import Columns
from tracker.directives.reading.deadlines import (
    Reader,
    ReaderOfDay,
    day_of_serial,
    says_only_hours,
    sets_deadline,
    with_day_of,
)
from tracker.directives.reading.grids import Grid
from tracker.directives.reading.letterhead import day_in
from tracker.directives.reading.outline import bare, kind_of_number, split_number
from tracker.directives.reading.results import FIELD_NAMES, Problem, ReadTask, Source
from tracker.directives.reading.rows import TaskRow
from tracker.rules.mentions import is_ditto, roles_in, units_named
from tracker.rules.wordings import Reading

_MORE = ("authority", "leader", "watcher", "source", "assigned", "status", "start", "priority", "evidence")
_CARRIED = ("lead", "coordinating", "deadline", "output")
_LONGEST_NUMBER = 12
_BULLET = re.compile(r"^[-–—+•*●▪]\s+")
_CUT = re.compile(r"(\.{3}|…)\s*$")
_MENTIONS_DAY = re.compile(
    r"(trước|chậm nhất|xong|hoàn thành|hạn)( là| vào| trong| trước)?( ngày| tháng| quý| năm)? ?"
    r"(\d{1,2}[/.-]\d{1,2}([/.-]\d{4})?|\d{1,2}/\d{4}|[IVX]+/\d{4}|\d{4})",
    re.IGNORECASE,
)
_ERROR = re.compile(r"#(REF|N/A|NAME|VALUE|DIV/0|NULL|NUM)[!?]?")


class TaskReader:
    """Reads the rows of one paper in their order; remembers the row above for «Như trên» and for numbers."""

    def __init__(self, read: Reader, read_from: ReaderOfDay | None = None) -> None:
        """`read_from` is given when the paper has no day: rows that say when they were set count from that day."""
        self._read = read
        self._read_from = read_from
        self._above: dict[str, str] = {}
        self._rows_above: tuple[int, ...] = ()
        self._number_above = ""
        self._group = ""
        self._day = ""

    def task(self, row: TaskRow, grid: Grid, columns: Columns) -> ReadTask:
        """The task that a row proposes."""
        problems: list[Problem] = []
        texts = _in_their_columns({name: _tidy(text) for name, text in row.texts.items()})
        for name in _CARRIED:
            texts[name], said = self._as_above(name, texts.get(name, ""))
            problems += said
        problems += _merged(row)
        lead, coordinating, said = _roles(texts, columns)
        problems += said
        self._day = _line(texts.get("day", "")) or (self._day if "day" in columns.fields else "")
        reading, due_from, said = self._deadline(_line(texts["deadline"]), row, self._reader(texts))
        problems += said + _gaps(texts, columns, lead, row, dated=due_from is not None) + _broken(texts)
        problems += self._group_of(texts, columns)
        ordinal, said = self._ordinal(texts.get("ordinal", ""))
        self._above, self._rows_above = texts, tuple(row.rows)
        return ReadTask(
            section=" / ".join(part for part in (row.section, self._group) if part) or None,
            ordinal=ordinal,
            content=_line(_BULLET.sub("", texts.get("content", ""))),
            lead=_line(lead),
            leads=units_named(lead, wrapped=grid.wrapped),
            coordinating=units_named(coordinating, wrapped=grid.wrapped),
            deadline_text=_line(texts["deadline"]),
            reading=reading,
            output=_line(texts["output"]) or None,
            note=_line(texts.get("note", "")) or None,
            problems=tuple(problems + said),
            source=_source(row, columns),
            due_from=due_from,
            more={name: _line(texts[name]) for name in _MORE if texts.get(name)},
        )

    def _as_above(self, name: str, text: str) -> tuple[str, list[Problem]]:
        """A cell that says «Như trên» takes the text above it, and that is said."""
        if not is_ditto(text):
            return text, []
        above = self._above.get(name, "")
        if not above:
            return text, [Problem(name, f"ghi «{_line(text)}» nhưng dòng trên không có nội dung.")]
        said = f"ghi «{_line(text)}», lấy theo dòng {self._rows_above[0]}: {_line(above)}."
        return above, [Problem(name, said)]

    def _reader(self, texts: dict[str, str]) -> Reader:
        """The reader of deadlines that counts from the row's own day, where the paper has none."""
        day = day_in(f"ngày {texts.get('assigned', '')}") if self._read_from else None
        return self._read_from(day) if self._read_from and day else self._read

    def _deadline(self, text: str, row: TaskRow, read: Reader) -> tuple[Reading, str | None, list[Problem]]:
        """The reading of a deadline, where it was found when not in the row, and what to look at."""
        if says_only_hours(text):
            for heading in filter(None, (self._day, *row.deadlines_above)):
                if reading := with_day_of(heading, text, read):
                    said = f"chỉ ghi giờ; ngày lấy ở «{heading}»."
                    return reading, "heading", [Problem("deadline", said)]
        if not text:
            for heading in filter(sets_deadline, row.deadlines_above):
                if (reading := read(heading)).kind != "none":
                    said = f"ô để trống; tiêu đề «{heading}» ghi thời hạn, cần xác nhận."
                    return replace(reading, sure=False), "heading", [Problem("deadline", said)]
        if day := day_of_serial(text):
            said = f"«{text}» hiểu là ngày {day:%d/%m/%Y} mà Excel ghi thành số, cần xác nhận."
            return replace(read(f"{day:%d/%m/%Y}"), sure=False), None, [Problem("deadline", said)]
        reading = read(text)
        doubts = [Problem("deadline", reading.why)] if text and not reading.sure else []
        if is_ditto(row.texts.get("deadline", "")):
            reading = replace(reading, sure=False)
        return reading, None, doubts

    def _group_of(self, texts: dict[str, str], columns: Columns) -> list[Problem]:
        """Keep the cell of a column that groups tasks («Lĩnh vực»); one left empty stands for the one above, said."""
        if "group" not in columns.fields:
            self._group = ""
        elif texts.get("group"):
            self._group = _line(texts["group"])
        elif self._group:
            return [Problem("", f"ô «{columns.titles[columns.fields['group']]}» trống, lấy theo dòng trên.")]
        return []

    def _ordinal(self, text: str) -> tuple[str, list[Problem]]:
        """The number of a row. Excel keeps «1.10» as the number 1.1: after «1.9» it is «1.10» again."""
        number = bare(text) if kind_of_number(text) != "bullet" else "-"
        before, self._number_above = self._number_above, number
        parts, last = number.split("."), before.split(".")
        if len(parts) == len(last) == 2 and parts[0] == last[0] and (last[1] + "!").endswith("9!"):
            meant = f"{int(last[1]) + 1}" if last[1].isdecimal() else ""
            if meant and meant.rstrip("0") == parts[1]:
                self._number_above = f"{parts[0]}.{meant}"
                said = f"ghi «{number}» sau «{before}», hiểu là «{self._number_above}»."
                return self._number_above, [Problem("ordinal", said)]
        return number, []


def _in_their_columns(texts: dict[str, str]) -> dict[str, str]:
    """The texts with words that were typed into the column of numbers moved to the content, which is empty."""
    number = texts.get("ordinal", "")
    if texts.get("content") or len(number) <= _LONGEST_NUMBER or kind_of_number(number) != "plain":
        return texts
    own, words = split_number(number)
    return texts | {"ordinal": own, "content": words}


def _tidy(text: str) -> str:
    """A text without empty lines and doubled spaces; its line ends stay."""
    return "\n".join(words for line in text.split("\n") if (words := " ".join(line.split())))


def _line(text: str) -> str:
    return " ".join(text.split())


def _roles(texts: dict[str, str], columns: Columns) -> tuple[str, str, list[Problem]]:
    """Lead and coordinating units; one cell may name both."""
    lead, coordinating = texts["lead"], texts["coordinating"]
    roles = roles_in(lead)
    if roles.coordinating and not coordinating:
        return roles.lead, roles.coordinating, []
    holds_both = "coordinating" not in columns.fields and "phoi hop" in columns.title_of("lead")
    if holds_both and len(units_named(lead)) > 1:
        return lead, coordinating, [Problem("lead", "ô gồm cả chủ trì và phối hợp; hãy tách ra.")]
    return lead, coordinating, []


def _merged(row: TaskRow) -> list[Problem]:
    return [
        Problem(name, f"lấy từ ô gộp bắt đầu ở dòng {number}.")
        for name, number in row.merged.items()
        if name in FIELD_NAMES and name not in ("ordinal", "note")
    ]


def _gaps(texts: dict[str, str], columns: Columns, lead: str, row: TaskRow, *, dated: bool) -> list[Problem]:
    problems = []
    if not texts.get("content"):
        problems.append(Problem("content", "chưa có nội dung nhiệm vụ."))
    if not lead:
        problems.append(Problem("lead", _missing_lead(columns, row)))
    if not texts["deadline"] and not dated:
        problems.append(Problem("deadline", _missing_deadline(texts.get("content", ""))))
    return problems


def _missing_lead(columns: Columns, row: TaskRow) -> str:
    if row.lead_above:
        return f"chưa ghi đơn vị chủ trì; tiêu đề bên trên ghi «{_line(row.lead_above)}»."
    return "chưa ghi đơn vị chủ trì." if "lead" in columns.fields else "bảng không có cột này."


def _missing_deadline(content: str) -> str:
    mentioned = _MENTIONS_DAY.search(content)
    return f"chưa ghi thời hạn; nội dung có nhắc «{mentioned[0].strip()}»." if mentioned else "chưa ghi thời hạn."


def _broken(texts: dict[str, str]) -> list[Problem]:
    problems = [
        Problem(name, "có thể đã bị cắt bớt («…»).")
        for name in ("content", "lead", "coordinating")
        if _CUT.search(texts.get(name, ""))
    ]
    return problems + [
        Problem(name, f"ô báo lỗi {found[0]}.") for name, text in texts.items() if (found := _ERROR.search(text))
    ]


def _source(row: TaskRow, columns: Columns) -> Source:
    in_order = sorted(columns.fields.items(), key=lambda field: field[1])
    named = {name: columns.titles[place] for name, place in in_order}
    return Source(row.place, tuple(row.rows), row.cells, named)
