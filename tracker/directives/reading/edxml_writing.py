"""Files that answer a message of the document axis: its status (received, done …), or a paper in reply.

Every element inside the envelope carries the prefix edXML:, since the national side refuses others;
AttachmentEncoded stands outside the envelope without one. «Bussiness» is spelled as the regulation spells it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from tracker.directives.reading.edxml import STATUS_NAMES, STEER_REPORT, Message, Organ
from tracker.directives.reading.results import Attachment
from tracker.errors import Invalid

_NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{_NAMESPACE}" xmlns:edXML="{_NAMESPACE}">'
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = {"OrganName": 200, "Subject": 500, "FullName": 50, "Position": 100, "CodeNotation": 30, "CodeNumber": 11}
"""Characters that NĐ 30/2020, Phụ lục VI allows."""
NEEDS_REASON = ("02", "16")


class _Markup(str):
    """Text that is markup already; plain text is escaped."""

    __slots__ = ()

    def __add__(self, other: str) -> _Markup:
        return _Markup(str(self) + str(other))


@dataclass(frozen=True, slots=True)
class Staff:
    """Who answers, as the message names them."""

    name: str = ""
    department: str = ""
    phone: str = ""
    email: str = ""


def status_file(
    message: Message, code: str, organ: Organ, *, at: datetime, staff: Staff | None = None, description: str = ""
) -> bytes:
    """The status file with this code (03 received, 06 done …) about a message. Raises Invalid for an unknown code.

    A refusal (02, 16) needs its reason in `description`.
    """
    if code not in STATUS_NAMES:
        raise Invalid({"code": f"Mã trạng thái là một trong: {', '.join(STATUS_NAMES)}."})
    if code in NEEDS_REASON and not description.strip():
        raise Invalid({"description": "Từ chối cần ghi lý do."})
    who = staff or Staff()
    header = _element(
        "MessageHeader",
        _organ("From", organ),
        _response_for(message),
        _element(
            "StaffInfo",
            _element("Department", who.department),
            _element("Staff", who.name),
            _element("Mobile", who.phone),
            _element("Email", who.email),
        ),
        _element("StatusCode", code),
        _element("Description", description or STATUS_NAMES[code]),
        _element("Timestamp", f"{at:%Y/%m/%d %H:%M:%S}"),
    )
    return _file(_element("edXMLHeader", header), [])


@dataclass(frozen=True, slots=True)
class Reply:
    """A paper that answers a message."""

    number: str
    notation: str
    issued_on: date
    place: str
    type_name: str
    subject: str
    signer: str = ""
    position: str = ""


def reply_file(
    message: Message, reply: Reply, organ: Organ, *, at: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """A new paper to the sender of a message, which says what it answers and, if that had them, for which tasks."""
    document_id = f"{organ.code},{reply.issued_on:%Y/%m/%d},{reply.number}/{reply.notation}"
    tasks = [_element("TaskCode", code) for code in message.paper.task_codes]
    header = _element(
        "MessageHeader",
        _organ("From", organ),
        _organ("To", message.sender),
        _element("DocumentId", document_id),
        _element("Code", _element("CodeNumber", reply.number), _element("CodeNotation", reply.notation)),
        _element(
            "PromulgationInfo",
            _element("Place", reply.place),
            _element("PromulgationDate", f"{reply.issued_on:%Y/%m/%d}"),
        ),
        _element("DocumentType", _element("TypeName", reply.type_name)),
        _element("Subject", reply.subject),
        _element("SignerInfo", _element("Position", reply.position), _element("FullName", reply.signer)),
        _element("OtherInfo", _element("Priority", "0")),
        _response_for(message),
        _element("SteeringType", str(STEER_REPORT)),
        *([_element("ResponseForTask", *tasks)] if tasks else []),
    )
    trace = _element(
        "TraceHeaderList",
        _element("TraceHeader", _element("OrganId", organ.code), _element("Timestamp", f"{at:%Y/%m/%d %H:%M:%S}")),
        _element("Bussiness", _element("BussinessDocType", "0")),
    )
    named = [(f"{number}.{at:%Y%m%d%H%M%S}", each) for number, each in enumerate(attachments, 1)]
    body = _element("edXMLBody", _element("edXMLManifest", *(_reference(*each) for each in named)))
    return _file(_element("edXMLHeader", header, trace) + body, named)


def _file(inside: _Markup, attachments: Sequence[tuple[str, Attachment]]) -> bytes:
    encoded = "".join(_attachment(*each) for each in attachments)
    outside = f"<AttachmentEncoded>{encoded}</AttachmentEncoded>" if encoded else ""
    return f"{_HEAD}{_element('edXMLEnvelope', inside)}{outside}</edXML>\n".encode()


def _element(name: str, *inside: str) -> _Markup:
    content = "".join(each if isinstance(each, _Markup) else _plain(name, each) for each in inside)
    return _Markup(f"<edXML:{name}>{content}</edXML:{name}>")


def _plain(name: str, text: str) -> str:
    return escape(_NOT_XML.sub("", text)[: _LONGEST.get(name, 2000)])


def _organ(name: str, organ: Organ) -> _Markup:
    return _element(name, _element("OrganId", organ.code), _element("OrganName", organ.name))


def _response_for(message: Message) -> _Markup:
    paper = message.paper
    return _element(
        "ResponseFor",
        _element("OrganId", message.sender.code),
        _element("Code", paper.doc_symbol),
        _element("PromulgationDate", f"{paper.issued_on:%Y/%m/%d}" if paper.issued_on else ""),
        _element("DocumentId", paper.document_id),
    )


def _reference(content_id: str, attachment: Attachment) -> _Markup:
    return _element(
        "Reference",
        _element("ContentId", f"cid:{content_id}"),
        _element("ContentType", "application/octet-stream"),
        _element("AttachmentName", attachment.name),
    )


def _attachment(content_id: str, attachment: Attachment) -> str:
    name = escape(_NOT_XML.sub("", attachment.name))
    packed = base64.b64encode(attachment.data).decode("ascii")
    return (
        f"<Attachment><ContentId>cid:{content_id}</ContentId><AttachmentName>{name}</AttachmentName>"
        f"<ContentType>application/octet-stream</ContentType>"
        f"<ContentTransferEncoded>{packed}</ContentTransferEncoded></Attachment>"
    )
