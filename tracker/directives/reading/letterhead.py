"""What the first lines of a paper say about it: number, day, issuer, kind and abstract (layout of NĐ 30/2020)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tracker.directives.reading.results import PaperFields
from tracker.rules.papers import DOC_TYPES
from tracker.rules.texts import fold

_MOST_LINES = 60
_NUMBER = re.compile(r"\bSố\s*:\s*(\d{1,6}[a-zA-Z]?)?\s*/\s*([A-ZĐ][\wĐđ&.-]*(?:\s?-\s?[\wĐđ&.]+)*)")
_DAY = re.compile(r"ngay\s*(\d{1,2})\s*(?:thang|/|-|\.)\s*(\d{1,2})\s*(?:nam|/|-|\.)\s*(\d{4})")
_PLACE_AND_DAY = re.compile(r"^[^.:;]{2,40},\s*ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}\s*$", re.IGNORECASE)
_ANNEX_OF = re.compile(
    r"\(?\s*(?:ban hành\s+)?(?:kèm theo|theo)\s+(?P<kind>[^\d(]{3,40}?)\s+(?:số\s*:?\s*)?"
    r"(?P<number>\d{1,6})\s*/\s*(?P<notation>(?:\d{4}/)?[\wĐđ&.-]+)\s*,?\s*(?P<day>ngày\s*[\d/.\-]+(?:\s*tháng\s*\d{1,2}\s*năm\s*\d{4})?)"
    r"(?:\s+của\s+(?P<issuer>[^)]{3,120}))?",
    re.IGNORECASE,
)
_KINDS = {fold(name): key for key, name in DOC_TYPES.items() if key != "other"} | {"thong bao ket luan": "notice"}
_MOTTO = re.compile(r"cong hoa xa hoi chu nghia|^(viet )?nam$|doc lap|dang cong san viet nam")
_ABOUT = re.compile(r"^\s*V/v\s*:?\s*", re.IGNORECASE)


def paper_of(lines: Sequence[str]) -> PaperFields:
    """The paper that these lines head; an annex speaks of the paper that it belongs to."""
    head = [part.strip() for line in lines[:_MOST_LINES] for part in line.split("\n") if part.strip()]
    return _of_letterhead(head) or _of_annex(head) or PaperFields()


def _of_letterhead(head: Sequence[str]) -> PaperFields | None:
    at = next((n for n, line in enumerate(head) if _NUMBER.search(line)), None)
    dated = next((line for line in head if _PLACE_AND_DAY.match(line)), None)
    if at is None and dated is None:
        return None
    found = _NUMBER.search(head[at]) if at is not None else None
    kind, subject = _kind_and_subject(head)
    return PaperFields(
        doc_type=kind or ("official_letter" if found and subject else ""),
        number=(found[1] or "") if found else "",
        notation=re.sub(r"\s*-\s*", "-", found[2]) if found else "",
        issued_on=day_in(dated or ""),
        issuer=_issuer(head, at),
        subject=subject,
    )


def _issuer(head: Sequence[str], at: int | None) -> str:
    """The words in capitals above the number, without the motto: the last of them issues the paper."""
    above = head[: at if at is not None else 4]
    capitals = [line for line in above if line == line.upper() and not _MOTTO.search(fold(line)) and len(line) > 3]
    return " ".join(capitals[-2:] if len(capitals) > 1 and len(capitals[-1]) < 20 else capitals[-1:])


def _kind_and_subject(head: Sequence[str]) -> tuple[str, str]:
    for number, line in enumerate(head):
        if _ABOUT.match(line):
            return "official_letter", _ABOUT.sub("", line)
        if (kind := _KINDS.get(" ".join(fold(line).split()))) and line == line.upper():
            return kind, _subject(head[number + 1 : number + 4])
    return "", ""


def _subject(lines: Sequence[str]) -> str:
    words: list[str] = []
    for line in lines:
        if re.match(r"\(|căn cứ|kính gửi|thực hiện|[IVX]+\.|phần|ngày|-{3,}|_{3,}", line, re.IGNORECASE):
            break
        if words and (line[:1].isdigit() or len(" ".join(words)) > 300):
            break
        words.append(line)
    return re.sub(r"^(v/v|về việc)\s*:?\s*", "", " ".join(words), flags=re.IGNORECASE)


def _of_annex(head: Sequence[str]) -> PaperFields | None:
    for number, line in enumerate(head):
        found = _ANNEX_OF.search(" ".join(line.split()))
        if found:
            return PaperFields(
                doc_type=_KINDS.get(" ".join(fold(found["kind"]).split()), ""),
                number=found["number"],
                notation=found["notation"].rstrip(".,"),
                issued_on=day_in(found["day"]),
                issuer=(found["issuer"] or "").strip(" .)"),
                subject=" ".join(each for each in head[max(0, number - 3) : number] if not _is_annex_mark(each)),
            )
    return None


def _is_annex_mark(line: str) -> bool:
    return bool(re.fullmatch(r"(phu luc|bieu|mau)( so)?\s*[ivx\d]*\.?", fold(line))) or bool(
        _MOTTO.search(fold(line))
    )


def day_in(text: str) -> date | None:
    """The first day written out in a text, none when there is none or the calendar has it not."""
    found = _DAY.search(" ".join(fold(text).split()))
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
