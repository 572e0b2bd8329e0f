"""Messages of the document axis are read whoever wrote them, and answered in the form that the axis takes."""

from __future__ import annotations

import base64
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from files_to_read import HEADER, a_document, a_message, a_workbook, read, zipped

from tracker.clock import HOUSE_ZONE
from tracker.directives.reading.edxml import STATUS_NAMES, Organ, date_of, display_name, read_message
from tracker.directives.reading.edxml_writing import Reply, Staff, reply_file, status_file
from tracker.directives.reading.results import Attachment, Reference
from tracker.errors import Invalid

NOW = datetime(2026, 5, 20, 8, 30, tzinfo=HOUSE_ZONE)
US = Organ("H55.12", "UBND xã Vĩnh Thông")
LIST = a_workbook(
    [HEADER, ["1", "Việc một", "UBND các xã, phường", "", "trong vòng 10 ngày kể từ ngày ban hành", ""]]
)


def test_the_header_becomes_the_paper() -> None:
    message = read_message(a_message(extra="<TaskCode>NV-7</TaskCode>"))
    paper = message.paper
    assert (paper.doc_symbol, paper.number, paper.notation) == ("5426/UBND-KGVX", "5426", "UBND-KGVX")
    assert (paper.issued_on, paper.due_on) == (date(2026, 5, 18), date(2026, 6, 30))
    assert (paper.issuer, paper.issuer_code, paper.signer) == ("UBND tỉnh Thái Nguyên", "H55", "")
    assert (paper.doc_type, paper.urgency, paper.steering_type) == ("official_letter", "urgent", 1)
    assert paper.document_id == "H55,2026/05/18,5426/UBND-KGVX"
    assert paper.references == (Reference("12/VPCP-KGVX", None, "G22", "G22,2026/04/01,12"),)
    assert paper.task_codes == ("NV-7",)
    assert message.receivers == (US,)


def test_tables_in_attachments_become_tasks_counted_from_the_day_of_the_paper() -> None:
    said = read(a_message({"Phụ lục.xlsx": LIST, "Công văn.docx": a_document("Kính gửi: các xã")}), None)
    (task,) = said.tasks
    assert (task.content, task.lead, task.due) == ("Việc một", "UBND các xã, phường", date(2026, 5, 28))
    assert task.source.place == "Phụ lục.xlsx, Trang tính «Phụ lục»"
    assert [each.name for each in said.attachments] == ["Phụ lục.xlsx", "Công văn.docx"]
    assert said.attachments[0].data == LIST
    assert said.as_json()["directive"]["doc_symbol"] == "5426/UBND-KGVX"


WRITTEN = {
    "with prefixes": a_message({"a.xlsx": LIST}),
    "without prefix and namespace": a_message({"a.xlsx": LIST}, prefix=""),
    "after junk": b"1212" + a_message({"a.xlsx": LIST}),
    "after a byte order mark": b"\xef\xbb\xbf" + a_message({"a.xlsx": LIST}),
    "with days the other way round": a_message({"a.xlsx": LIST}, day="18/05/2026"),
    "with moments for days": a_message({"a.xlsx": LIST}, day="2026-05-18T00:00:00"),
    "with another root": a_message({"a.xlsx": LIST})
    .replace(b"<edXML ", b"<EdXML ")
    .replace(b"</edXML>", b"</EdXML>"),
    "of the older kind": a_message({"a.xlsx": LIST}).replace(
        b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://www.go.vn/eDoc"
    ),
    "with a zip around the file": a_message({"a.xlsx": zipped(**{"..__..__x_dot_xlsx": LIST})}),
    "with a zip named so": a_message({"a.zip": zipped(a_dot_xlsx=LIST, b_dot_txt="x")}),
    "with padding missing": a_message({"a.xlsx": LIST})
    .replace(b"=</Content", b"</Content")
    .replace(b"=</Content", b"</Content"),
    "with other names for the file": a_message({"a.xlsx": LIST})
    .replace(b"AttachmentName>", b"FileName>")
    .replace(b"ContentTransferEncoded>", b"Content>"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_message_is_read_however_it_is_written(name: str) -> None:
    said = read(WRITTEN[name], None)
    assert (said.paper.doc_symbol, said.paper.issued_on) == ("5426/UBND-KGVX", date(2026, 5, 18))
    assert [task.content for task in said.tasks] == ["Việc một"]


@pytest.mark.parametrize("code", ["H55", "000.00.00.H55"])
def test_agency_codes_are_kept_as_sent_in_either_form(code: str) -> None:
    assert read_message(a_message(sender=code)).sender.code == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/05/18", 18),
        ("18/05/2026", 18),
        ("2026-05-18 10:00:00", 18),
        ("N/A", None),
        ("2026/02/31", None),
        ("", None),
    ],
)
def test_days_come_in_several_forms(text: str, day: int | None) -> None:
    assert date_of(text) == (date(2026, 5, day) if day else None)


def test_a_name_of_a_file_is_never_a_path() -> None:
    assert display_name("../../etc/passwd") == "passwd"
    assert display_name("C:\\x\\Phụ lục\x00.docx") == "Phụ lục.docx"


def test_a_broken_attachment_is_told_and_the_others_are_read() -> None:
    said = read(a_message({"hỏng.xlsx": b"PK\x03\x04 no", "a.xlsx": LIST}), None)
    assert [task.content for task in said.tasks] == ["Việc một"]
    assert any("hỏng.xlsx" in problem for problem in said.problems)


def test_a_message_without_tables_keeps_its_paper_and_says_so() -> None:
    said = read(a_message({"a.docx": a_document("Kính gửi")}), None)
    assert said.paper.number == "5426"
    assert "Không tệp kèm nào có bảng" in said.problems[-1]


def test_a_recall_is_told() -> None:
    recall = b"<Bussiness><BussinessDocType>1</BussinessDocType></Bussiness></edXMLEnvelope>"
    said = read(a_message({"a.xlsx": LIST}, prefix="").replace(b"</edXMLEnvelope>", recall), None)
    assert "thu hồi" in said.problems[0]


def test_a_message_that_steers_nothing_asks_for_confirmation() -> None:
    assert (
        "không đánh dấu là văn bản chỉ đạo"
        in read(a_message({"a.xlsx": LIST}, steering="0", due=""), None).problems[0]
    )


class TestAnswering:
    @pytest.mark.parametrize("code", STATUS_NAMES)
    def test_a_status_says_what_it_answers(self, code: str) -> None:
        written = status_file(
            read_message(a_message()), code, US, at=NOW, staff=Staff("Văn thư"), description="Đã rõ"
        )
        message = read_message(written)
        assert (message.status, message.description, message.sender) == (code, "Đã rõ", US)
        assert message.paper.references == (
            Reference("5426/UBND-KGVX", date(2026, 5, 18), "H55", "H55,2026/05/18,5426/UBND-KGVX"),
        )

    def test_every_element_inside_the_envelope_carries_the_prefix(self) -> None:
        text = status_file(read_message(a_message()), "03", US, at=NOW).decode()
        inside = text.split("<edXML:edXMLEnvelope>")[1].split("</edXML:edXMLEnvelope>")[0]
        assert "<" in inside
        assert all(part.startswith(("edXML:", "/edXML:")) for part in inside.split("<")[1:])
        assert "2026/05/20 08:30:00" in text

    def test_a_status_that_refuses_needs_its_reason(self) -> None:
        with pytest.raises(Invalid, match="lý do"):
            status_file(read_message(a_message()), "02", US, at=NOW)

    def test_an_unknown_status_is_refused(self) -> None:
        with pytest.raises(Invalid, match="Mã trạng thái"):
            status_file(read_message(a_message()), "99", US, at=NOW)

    def test_marks_in_words_stay_words(self) -> None:
        written = status_file(read_message(a_message()), "02", US, at=NOW, description="Sai <nơi nhận> & \x00số")
        assert read_message(written).description == "Sai <nơi nhận> & số"

    def test_a_reply_is_a_paper_of_its_own_with_its_files(self) -> None:
        reply = Reply(
            "15", "BC-UBND", date(2026, 5, 20), "Vĩnh Thông", "Báo cáo", "Kết quả thực hiện", "A", "Chủ tịch"
        )
        asked = read_message(a_message(extra="<TaskCode>NV-7</TaskCode>"))
        written = reply_file(asked, reply, US, at=NOW, attachments=[Attachment("Báo cáo.docx", b"PK-bytes")])
        message = read_message(written)
        assert (message.paper.doc_symbol, message.paper.steering_type) == ("15/BC-UBND", 2)
        assert message.receivers == (Organ("H55", "UBND tỉnh Thái Nguyên"),)
        assert message.paper.references[0].doc_symbol == "5426/UBND-KGVX"
        assert message.paper.task_codes == ("NV-7",)
        assert message.attachments == (Attachment("Báo cáo.docx", b"PK-bytes"),)
        root = ElementTree.fromstring(written)
        assert [each.tag.rpartition("}")[2] for each in root] == ["edXMLEnvelope", "AttachmentEncoded"]
        assert base64.b64encode(b"PK-bytes") in written

    def test_a_status_message_is_no_directive(self) -> None:
        with pytest.raises(Invalid, match=r"03: Đã tiếp nhận"):
            read(status_file(read_message(a_message()), "03", US, at=NOW))
