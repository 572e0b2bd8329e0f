"""Messages of the document axis (edXML, QCVN 102:2016): header, attachments, what the sender means with them.

Vendors differ in prefixes, namespaces, capitals, layouts and dates, so elements are known by their local name
wherever they stand. Entities and DTDs are refused; types that a sender declares are not believed.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.directives.reading.limits import LARGEST_FILE, MOST_ELEMENTS
from tracker.directives.reading.refusals import refusal
from tracker.directives.reading.results import Attachment, PaperFields, Reference
from tracker.rules.papers import DOC_TYPES
from tracker.rules.texts import fold

STATUS_NAMES = {
    "01": "Đã đến",
    "02": "Từ chối tiếp nhận",
    "03": "Đã tiếp nhận",
    "04": "Phân công",
    "05": "Đang xử lý",
    "06": "Hoàn thành",
    "13": "Yêu cầu lấy lại",
    "15": "Đồng ý cập nhật, lấy lại",
    "16": "Từ chối cập nhật, lấy lại",
}
BUSINESSES = {0: "mới", 1: "thu hồi", 2: "cập nhật", 3: "thay thế"}
STEER, STEER_REPORT = 1, 2
_URGENCIES = {0: "normal", 1: "urgent", 2: "very_urgent", 3: "flash", 4: "flash"}
_MOST_ATTACHMENTS = 50
_EMPTY = {"", "n/a", "null", "none"}
_DATES = ("%Y/%m/%d", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%Y%m%d", "%d.%m.%Y")
_SETTING = {"directive", "plan", "notice", "conclusion", "decision", "programme", "resolution"}
"""Kinds of paper that set tasks as a rule."""
_OFFICE = re.compile(rb"\[Content_Types\]\.xml|mimetype")


@dataclass(frozen=True, slots=True)
class Organ:
    """An agency as a message names it."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: the paper that it carries, sender and receivers, files, and the business it is sent for.

    `business` is 0 new, 1 recalled, 2 updated, 3 replaced; `status` is the code of a status message, else empty.
    """

    paper: PaperFields
    sender: Organ
    receivers: tuple[Organ, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    business: int = 0
    business_reason: str = ""
    status: str = ""
    description: str = ""
    remarks: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """What a second copy of the message has too: its document's id, else sender, number and day."""
        paper = self.paper
        day = paper.issued_on.isoformat() if paper.issued_on else ""
        return paper.document_id or f"{self.sender.code},{day},{paper.doc_symbol}"

    @property
    def sets_tasks(self) -> bool:
        """Whether the message looks like one that sets tasks; a person confirms."""
        paper = self.paper
        return paper.steering_type == STEER or paper.due_on is not None or paper.doc_type in _SETTING


def read_message(data: bytes) -> Message:
    """The message in the bytes of an .edxml file. Raises Invalid for one that is damaged, unsafe or none at all."""
    root = _root(data)
    header = _first(root, "messageheader")
    if header is None:
        raise refusal("not_message")
    attachments, remarks = _attachments(root)
    business = _first(root, "bussiness")
    sender = _organ(_first(header, "from"))
    return Message(
        paper=_paper(header, sender),
        sender=sender,
        receivers=tuple(_organ(each) for each in _all(header, "to")),
        attachments=attachments,
        business=_integer(_text(business, "bussinessdoctype")) or 0,
        business_reason=_text(business, "bussinessdocreason"),
        status=_text(header, "statuscode").zfill(2) if _text(header, "statuscode") else "",
        description=_text(header, "description") if _text(header, "statuscode") else "",
        remarks=remarks,
    )


def _root(data: bytes) -> Element:
    """The root element; junk before it, as some senders leave, is dropped."""
    if data.count(b"<") > 2 * MOST_ELEMENTS:
        raise refusal("much", "quá nhiều phần tử XML")
    start = data.find(b"<") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else 0
    try:
        root: Element = fromstring(data[max(start, 0) :].rstrip(b"\x00 \r\n\t"), forbid_dtd=True)
    except DefusedXmlException:
        raise refusal("entities") from None
    except (ParseError, ValueError, LookupError):
        raise refusal("damaged") from None
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _all(parent: Element | None, name: str) -> Iterator[Element]:
    """Elements of this local name, in small letters, anywhere below."""
    if parent is not None:
        yield from (each for each in parent.iter() if each is not parent and _local(each) == name)


def _first(parent: Element | None, *names: str) -> Element | None:
    return next((found for name in names for found in _all(parent, name)), None)


def _text(parent: Element | None, *names: str) -> str:
    """The text of the first element with one of these names; fillers like «N/A» are nothing."""
    for name in names:
        for found in _all(parent, name):
            words = " ".join((found.text or "").split())
            if words.lower() not in _EMPTY:
                return words
    return ""


def _organ(element: Element | None) -> Organ:
    return Organ(_text(element, "organid"), _text(element, "organname"))


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def date_of(text: str) -> date | None:
    """A day in any form that senders use; none when it is none."""
    day = text.strip()[:10].strip().rstrip("T")
    for form in _DATES:
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _paper(header: Element, sender: Organ) -> PaperFields:
    code, kind = _first(header, "code"), _first(header, "documenttype")
    number, notation = _text(code, "codenumber"), _text(code, "codenotation")
    type_name = _text(kind, "typename") or (" ".join((kind.text or "").split()) if kind is not None else "")
    priority = _integer(_text(_first(header, "otherinfo"), "priority") or _text(header, "priority"))
    return PaperFields(
        doc_type=doc_type_of(type_name),
        number=number,
        notation=notation.removeprefix(f"{number}/") if number else notation,
        issued_on=date_of(_text(_first(header, "promulgationinfo"), "promulgationdate")),
        issuer=sender.name,
        issuer_code=sender.code,
        subject=_text(header, "subject") or _text(header, "content"),
        signer=_text(_first(header, "signerinfo"), "fullname"),
        urgency=_URGENCIES.get(priority or 0, "normal"),
        due_on=date_of(_text(header, "duedate")),
        steering_type=_integer(_text(header, "steeringtype")),
        document_id=_own_id(header),
        references=tuple(_references(header)),
        task_codes=tuple(words for each in _all(header, "taskcode") if (words := (each.text or "").strip())),
    )


def doc_type_of(name: str) -> str:
    """The kind of paper by the name of its type: the type's code differs from vendor to vendor."""
    folded = fold(name)
    return next(
        (key for key, known in DOC_TYPES.items() if folded.startswith(fold(known))), "other" if folded else ""
    )


def _own_id(header: Element) -> str:
    """The message's own document id: not one inside what it answers."""
    inside = {id(each) for answered in _all(header, "responsefor") for each in answered.iter()}
    own = (each for each in _all(header, "documentid") if id(each) not in inside)
    return next((" ".join((each.text or "").split()) for each in own if (each.text or "").strip()), "")


def _references(header: Element) -> Iterator[Reference]:
    for each in _all(header, "responsefor"):
        code = _first(each, "code")
        parts = [_text(code, "codenumber"), _text(code, "codenotation")]
        symbol = "/".join(part for part in parts if part) or _text(each, "code")
        found = Reference(
            symbol, date_of(_text(each, "promulgationdate")), _text(each, "organid"), _text(each, "documentid")
        )
        if found.doc_symbol or found.document_id:
            yield found


def _attachments(root: Element) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files of a message, unpacked, and what went wrong with any of them."""
    names = {_content_id(each): _text(each, "attachmentname", "description") for each in _all(root, "reference")}
    found: list[Attachment] = []
    remarks: list[str] = []
    for number, each in enumerate(_all(root, "attachment"), 1):
        name = _text(each, "attachmentname", "filename") or names.get(_content_id(each)) or f"tep-{number}"
        encoded = next((e.text or "" for key in ("contenttransferencoded", "content") for e in _all(each, key)), "")
        try:
            found += _unpacked(display_name(name), _decoded(encoded))
        except (binascii.Error, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            remarks.append(f"Tệp kèm «{display_name(name)}» bị hỏng, không giải mã được.")
    if len(found) > _MOST_ATTACHMENTS:
        remarks.append(f"Gói tin có {len(found)} tệp kèm; chỉ đọc {_MOST_ATTACHMENTS} tệp đầu.")
    return tuple(found[:_MOST_ATTACHMENTS]), tuple(remarks)


def _content_id(element: Element) -> str:
    return (_text(element, "contentid") or element.get("ContentId", "")).removeprefix("cid:").strip("<> ")


def _decoded(encoded: str) -> bytes:
    packed = "".join(encoded.split())
    return base64.b64decode(packed + "=" * (-len(packed) % 4))


def display_name(name: str) -> str:
    """A name without folders and control marks: it is shown, never used as a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip(". ")[:150] or "tep"


def _unpacked(name: str, data: bytes) -> list[Attachment]:
    """The file itself, or what a plain zip around it holds; packages of Word and Excel stay whole."""
    if not data.startswith(b"PK\x03\x04") or _OFFICE.search(data[:4096]) or _OFFICE.search(data[-65536:]):
        return [Attachment(name, data)]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = [entry for entry in package.infolist() if not entry.is_dir()][:_MOST_ATTACHMENTS]
        if sum(entry.file_size for entry in entries) > LARGEST_FILE:
            raise ValueError("more than is read")
        if len(entries) != 1:
            return [Attachment(display_name(entry.filename), package.read(entry)) for entry in entries]
        suffix = PurePosixPath(display_name(entries[0].filename)).suffix
        shown = name if PurePosixPath(name).suffix not in ("", ".zip") else PurePosixPath(name).stem + suffix
        return [Attachment(shown, package.read(entries[0]))]
