"""Headers become fields: the row of headers is found, and each column is told by what its words mean.

Headers are compared without marks and capitals. Each field knows phrases with weights; the heaviest phrase in a
header says what the column is, and the heaviest column of all gets a field that several claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from tracker.directives.reading.grids import Grid
from tracker.rules.texts import fold

TASK_FIELDS = ("content", "lead", "coordinating", "deadline", "output")
_LONGEST_HEADER = 120
_DECIDED = 11
"""A claim this heavy settles what a column is."""
_DEEPEST = 60
"""Rows from the top in which the header is looked for."""

_PHRASES: dict[str, dict[str, int]] = {
    "ordinal": {
        r"(stt|tt|so tt|so thu tu|no|#|ma so|ma nv|ma nhiem vu|ma cv)": 10,
        r"(task )?id|wbs( number)?": 8,
    },
    "content": {
        r"noi dung (cong viec|nhiem vu|cong tac|thuc hien|chi dao|y kien chi dao|de xuat|kien nghi|giao|yeu cau)": 9,
        r"(ten|danh muc|noi dung|cac|chi tiet) (cac )?(nhiem vu|cong viec|de an|chuong trinh|van ban|hoat dong)": 9,
        r"nhiem vu|cong viec|dau viec|viec (can|phai) (lam|thuc hien)": 8,
        r"noi dung": 7,
        r"y kien chi dao|chi dao|ket luan|de an|hoat dong|giai phap|de xuat|kien nghi|yeu cau": 5,
        r"task( title| name)?|description": 8,
        r"trich yeu|cong tac|chi tieu|muc tieu|ten|mo ta": 3,
    },
    "group": {
        r"^(phase|category)$": 11,
        r"^(nhom|linh vuc|khoi|chuong trinh)( (nhiem vu|cong viec|noi dung|linh vuc|cong tac))?$": 11,
    },
    "lead": {
        r"chu tri|don vi dau moi|co quan dau moi|dau moi": 12,
        r"(don vi|co quan|nguoi|bo phan|ca nhan)( ?/ ?\S+ \S+)? (thuc hien|phu trach|duoc giao|chiu trach nhiem)": 9,
        r"(nhan|duoc giao|giao) nhiem vu|giao cho|don vi (duoc )?giao|don vi nhan|chiu trach nhiem|trach nhiem": 9,
        r"(task )?owner|assigne[er]|assigned to|responsible|lead": 9,
        r"tham muu|phu trach|phan cong|thuc hien": 5,
        r"don vi|co quan|bo phan|nguoi|ca nhan|to chuc": 4,
    },
    "coordinating": {r"phoi hop|cung thuc hien|tham gia|ho tro": 12},
    "deadline": {
        r"thoi han|han (hoan thanh|xu ly|chot|cuoi|bao cao|nop|giai quyet|thuc hien)": 13,
        r"due( date)?|end date|deadline": 13,
        r"thoi (gian|diem|ky) .*(hoan thanh|ket thuc|trinh|bao cao|ban hanh|gui)|hoan thanh truoc": 12,
        r"(ngay|moc|thang) (hoan thanh|ket thuc|den han|han)|den ngay|ket thuc": 11,
        r"thoi gian thuc hien|thoi diem|lo trinh|moc thoi gian|tien do (hoan thanh|thoi gian|ve thoi gian)": 9,
        r"thoi gian|\bhan\b": 8,
        r"tien do|hoan thanh": 4,
    },
    "day": {r"^(thu ?[,/-]? ?ngay|ngay|ngay thang|thu|thu ngay thang)$": 11},
    "start": {r"start( date)?|bat dau|tu ngay|khoi cong": 12},
    "output": {
        r"san pham|deliverables?|dau ra|hinh thuc van ban": 10,
        r"ket qua (du kien|can dat|mong|yeu cau|dat duoc du kien)|yeu cau ket qua": 10,
        r"ket qua": 6,
        r"loai van ban|muc tieu can dat": 4,
    },
    "note": {r"ghi chu|notes?|remarks?|comments?": 12, r"luu y|chu thich": 8},
    "status": {
        r"thuc te|trang thai|tinh trang|danh gia|da hoan thanh|chua hoan thanh|ty le|% hoan thanh": 14,
        r"status|progress": 14,
        r"(ket qua|tinh hinh|tien do) .*(thuc hien|xu ly|trien khai|dat duoc|den nay)": 11,
        r"tinh hinh": 8,
        r"kho khan|vuong mac|nguyen nhan|ton tai": 13,
    },
    "authority": {
        r"tham quyen|cap trinh|(cap|co quan|don vi) (ban hanh|phe duyet|quyet dinh)": 14,
    },
    "leader": {r"lanh dao|thu ky|chuyen vien|nguoi ky|nguoi giao|nguoi theo doi": 13},
    "watcher": {r"(don vi|co quan|bo phan)? ?(theo doi|don doc|giam sat|kiem tra|tong hop)": 12},
    "source": {
        r"nguon (chi dao|giao)|can cu|(van ban|cong van|nguon|so|ky hieu).*(giao|chi dao|van ban)": 13,
        r"so[ ,/-]*ky hieu": 13,
    },
    "assigned": {r"ngay (chi dao|giao|ban hanh|van ban|ky|thang)|ngay ra van ban": 13},
    "evidence": {r"minh chung|tai lieu|file|dinh kem": 13},
    "money": {r"kinh phi|nguon von|du toan|so tien|don vi tinh|so luong|dvt|don gia|thanh tien|dien tich": 14},
    "place": {r"dia diem|dia ban thuc hien": 10},
    "contact": {r"dien thoai|email|ho va ten|ho ten|chuc vu|ngay sinh|gioi tinh": 14},
    "priority": {r"muc do|uu tien|do khan|trong tam": 10},
}
_PATTERNS = [
    (name, re.compile(rf"(?<![a-z0-9])(?:{phrase})(?![a-z0-9])"), weight)
    for name, phrases in _PHRASES.items()
    for phrase, weight in phrases.items()
    if name != "ordinal"
]
_ORDINAL = [(re.compile(rf"(?:{phrase})"), weight) for phrase, weight in _PHRASES["ordinal"].items()]
_LONGEST_NUMBERING = 20
_NUMBERING = re.compile(r"[(\[]?\s*(\d{1,2}|[a-zA-Z])\s*[)\]]?\s*(=.*)?")


@dataclass(slots=True)
class Columns:
    """Which column holds which field in a grid, and where the rows of tasks begin.

    `titles` gives each column's header as a person reads it; `spare` are columns that claimed a field which
    another one got; `guesses` say, in sentences, what was told from the cells and not from a header.
    """

    fields: dict[str, int]
    titles: list[str]
    first_row: int
    header: tuple[int, int]
    spare: dict[int, str] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)

    @property
    def spare_fields(self) -> tuple[int, ...]:
        """The columns that claim a field of tasks which another column got."""
        return tuple(column for column, name in self.spare.items() if name in TASK_FIELDS)

    def title_of(self, name: str) -> str:
        """The folded header of a field's column; empty when no column holds it."""
        return self.keys[self.fields[name]] if name in self.fields else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The headers folded, to know the same header again on the next page."""
        return tuple(plain(title) for title in self.titles)


def plain(text: str) -> str:
    """A header without marks, capitals, line breaks, doubled spaces; letters set one below another are a word."""
    words = _folded(text).split()
    return ("" if len(words) > 1 and all(len(word) == 1 for word in words) else " ").join(words)


@cache
def _folded(text: str) -> str:
    return fold(text[: 2 * _LONGEST_HEADER]).replace("_", " ")


@cache
def claims(title: str) -> tuple[tuple[str, int], ...]:
    """The fields that a folded header may mean, the likeliest first, with their weights."""
    if not title or len(title) > _LONGEST_HEADER:
        return ()
    found: dict[str, int] = {}
    for name, pattern, weight in _PATTERNS:
        if pattern.search(title):
            found[name] = max(found.get(name, 0), weight)
    for pattern, weight in _ORDINAL:
        if pattern.fullmatch(title.strip(". ")):
            found["ordinal"] = max(found.get("ordinal", 0), weight)
    return tuple(sorted(found.items(), key=lambda each: -each[1]))


def columns_of(grid: Grid) -> Columns | None:
    """The columns of a table of tasks; None when no row of it reads as headers of one."""
    best: tuple[int, Columns] | None = None
    for number in range(min(len(grid.rows), _DEEPEST)):
        if not _may_be_header(grid.rows[number]):
            continue
        columns = _read_header(grid, number)
        weight = _weight(columns)
        if weight and (best is None or weight > best[0]):
            best = (weight, columns)
    return best[1] if best else None


def _may_be_header(row: Sequence[str]) -> bool:
    named = {claim[0][0] for cell in row if cell and len(cell) <= _LONGEST_HEADER and (claim := claims(plain(cell)))}
    return len(named & {"ordinal", "deadline", "note", *TASK_FIELDS}) >= 2


def is_of_tasks(columns: Columns) -> bool:
    """Whether these columns are those of a list of tasks."""
    return _weight(columns) > 0


def _weight(columns: Columns) -> int:
    """How much a header says about tasks: 0 when it is none of theirs."""
    named = set(columns.fields)
    telling = named & {"lead", "coordinating", "deadline", "output"}
    if "content" not in named or not (telling & {"lead", "coordinating", "deadline"} or _speaks_of_tasks(columns)):
        return 0
    return 3 * len(telling) + len(named)


def _speaks_of_tasks(columns: Columns) -> bool:
    return bool(re.search("nhiem vu|cong viec|kien nghi|chi dao", columns.keys[columns.fields["content"]]))


def _read_header(grid: Grid, number: int) -> Columns:
    last = _last_header_row(grid, number)
    titles = _titles(grid, number, last)
    chosen, spare = _chosen([plain(title) for title in titles])
    first = last + 1
    while first < len(grid.rows) and is_numbering(grid.rows[first]):
        first += 1
    return Columns(chosen, _told_apart(titles), first, (number, last), spare)


def _last_header_row(grid: Grid, number: int) -> int:
    """The last row of a header of several: cells that reach down say so, else sub-headers below open cells."""
    last = max((bottom for top, _, bottom, _ in grid.merges if top == number), default=number)
    last = min(last, number + 3, len(grid.rows) - 1)
    if last == number and number + 1 < len(grid.rows) and _is_under_header(grid, number):
        return number + 1
    return last


def _is_under_header(grid: Grid, number: int) -> bool:
    """Whether the next row holds sub-headers: each below a header that spans or stands open, most of them known."""
    above, below = _padded(grid, number), _padded(grid, number + 1)
    under = [column for column, text in enumerate(below) if text.strip()]
    if not under or _starts_rows(below) or all(below[c].strip() for c, text in enumerate(above) if text.strip()):
        return False
    wide = {c for top, left, bottom, right in grid.merges if top == bottom == number for c in range(left, right + 1)}
    opened = all(column in wide or not above[column].strip() or _opens(above, column) for column in under)
    return opened and sum(1 for column in under if claims(plain(below[column]))) >= max(1, len(under) - 1)


def _opens(above: Sequence[str], column: int) -> bool:
    """Whether the header cell has an empty one to its right, as one that spans several without a merge has."""
    return column + 1 < len(above) and not above[column + 1].strip()


def _starts_rows(row: Sequence[str]) -> bool:
    return bool(re.fullmatch(r"(\d+|[IVX]+|[A-Z])[.)]?", row[0].strip())) if row else False


def _padded(grid: Grid, number: int) -> list[str]:
    row = grid.rows[number]
    return row + [""] * (grid.width - len(row))


def _titles(grid: Grid, first: int, last: int) -> list[str]:
    """The words above each column, from top to bottom, once each."""
    titles: list[list[str]] = [[] for _ in range(grid.width)]
    reach = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
    for number in range(first, last + 1):
        for column, text in enumerate(_padded(grid, number)):
            words = " ".join(text.split())
            if not words:
                continue
            right = reach.get((number, column), (number, column))[1]
            if (number, column) not in reach and number < last:
                right = _open_until(grid, number, last, column)
            for under in range(column, right + 1):
                if words not in titles[under]:
                    titles[under].append(words)
    return [" ".join(words) for words in titles]


def _told_apart(titles: Sequence[str]) -> list[str]:
    """Titles by which columns can be known: those without one get their number, a second of a name too."""
    return [
        title if title and title not in titles[:column] else f"{title or 'Cột'} {column + 1}"
        for column, title in enumerate(titles)
    ]


def _open_until(grid: Grid, number: int, last: int, column: int) -> int:
    """How far an unmerged header reaches: over empty neighbours that have a sub-header below."""
    above, below = _padded(grid, number), _padded(grid, last)
    right = column
    while (
        below[column].strip() and right + 1 < len(above) and not above[right + 1].strip() and below[right + 1].strip()
    ):
        right += 1
    return right


def is_numbering(row: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if len(filled) < 3 or not all(len(cell) <= _LONGEST_NUMBERING and _NUMBERING.fullmatch(cell) for cell in filled):
        return False
    numbers = [int(found[0]) for cell in filled if (found := re.match(r"\d+", cell.strip("([ ")))]
    return numbers == sorted(set(numbers)) and (len(numbers) < 2 or numbers[-1] - numbers[0] <= 2 * len(numbers))


def _chosen(titles: Sequence[str]) -> tuple[dict[str, int], dict[int, str]]:
    """Which column gets which field: the heaviest claim first; a column that loses may claim another field."""
    claimed = sorted(
        ((weight, -column, name) for column, title in enumerate(titles) for name, weight in claims(title)),
        reverse=True,
    )
    fields: dict[str, int] = {}
    taken: set[int] = set()
    for _, place, name in claimed:
        if name not in fields and -place not in taken and _may_claim(titles[-place], name):
            fields[name] = -place
            taken.add(-place)
    spare = {c: likely[0][0] for c, title in enumerate(titles) if c not in taken and (likely := claims(title))}
    return fields, spare


def _may_claim(title: str, name: str) -> bool:
    """Whether a column may hold the field: one of leaders is never the lead, though it also says «phụ trách»."""
    for likelier, weight in claims(title):
        if likelier == name:
            return True
        if weight >= _DECIDED and likelier not in TASK_FIELDS:
            return False
    return False
