"""The words of official papers: kinds of document, urgency, and the marks of secrecy that never enter (D10)."""

from __future__ import annotations

import re
import unicodedata

from tracker.rules.texts import fold

DOC_TYPES = {
    "official_letter": "Công văn",
    "plan": "Kế hoạch",
    "decision": "Quyết định",
    "notice": "Thông báo",
    "conclusion": "Kết luận",
    "directive": "Chỉ thị",
    "resolution": "Nghị quyết",
    "programme": "Chương trình",
    "report": "Báo cáo",
    "other": "Văn bản khác",
}
URGENCIES = {"normal": "Thường", "urgent": "Khẩn", "very_urgent": "Thượng khẩn", "flash": "Hỏa tốc"}
SECRECIES = {"none": "Không mật", "secret": "Mật", "top_secret": "Tối mật", "most_secret": "Tuyệt mật"}
CLASSIFIED_STAYS_OUT = "Văn bản mật không được đưa vào hệ thống. Hãy theo dõi bằng đường văn bản mật."

_ASKS_FOR_A_REPORT = re.compile(r"\bbao cao\b")
_SYMBOL_MARK = re.compile(r"/(?:[^/\s]*-)?(?:M|TM|TuM|TUM)(?:-|\s|$)")
_STAMP = re.compile(
    r"(?:^|[\s(\[«\"“:;,.\-–])(?:độ\s+mật\s*:?\s*)?(tuyệt mật|tối mật)(?=$|[\s)\]»\"”:;,.\-–])", re.IGNORECASE
)
_MARKED = re.compile(
    r"[(\[«\"“]\s*(?:độ\s+)?mật\s*[)\]»\"”]"  # (Mật)
    r"|(?:^|\s)độ\s+mật\s*:\s*mật\b"  # Độ mật: Mật
    r"|^\s*mật\s*(?:[:–-]|$)"  # Mật: …
    r"|văn bản mật\b",
    re.IGNORECASE,
)
_SAYS_NOT = re.compile(
    r"\b(?:trừ|không phải|không có|không bao gồm)\s+(?:các\s+)?văn bản (?:tuyệt |tối )?mật", re.IGNORECASE
)


def asks_for_a_report(*words: str) -> bool:
    """Whether the words of a task, or of what it is to yield, speak of a report (báo cáo)."""
    return bool(_ASKS_FOR_A_REPORT.search(fold(" ".join(words))))


def secret_fields(*, secrecy: str = "none", doc_symbol: str = "", abstract: str = "") -> list[str]:
    """Where a paper shows that it is secret: its declared field, its number, or a mark in its abstract.

    «mật độ», «bí mật» and «bảo mật» are ordinary words; «trừ văn bản mật» says that it is none.
    """
    text = _SAYS_NOT.sub(" ", unicodedata.normalize("NFC", abstract))
    shown = {
        "secrecy": secrecy != "none",
        "doc_symbol": _SYMBOL_MARK.search(unicodedata.normalize("NFC", doc_symbol).strip()),
        "abstract": _STAMP.search(text) or _MARKED.search(text),
    }
    return [name for name, found in shown.items() if found]
