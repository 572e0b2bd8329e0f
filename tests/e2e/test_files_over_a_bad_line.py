"""Files over a bad line (ux.md §12, 13 in part, and 14): photos are made small, and a cut line loses nothing."""

from __future__ import annotations

import base64
import struct

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from town import Town

from tracker.db import db, forget
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of
from tracker.rules.access import Role
from tracker.tasks.models import Submission

DRAW = """async () => {
  const canvas = new OffscreenCanvas(4000, 3000), pen = canvas.getContext("2d");
  for (let i = 0; i < 6000; i++) {
    pen.fillStyle = `hsl(${i * 37 % 360} 60% ${20 + i % 60}%)`;
    pen.fillRect(i * 131 % 4000, i * 71 % 3000, 160, 90);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = ""; for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}"""
TEXT = "Đã hoàn thành 12/12 nội dung, có ảnh kèm theo."


def turned_and_placed(jpeg: bytes) -> bytes:
    """The photo as a phone writes it: lying on its side, with the place where it was taken."""
    entries = struct.pack(">HHHIHH", 2, 0x0112, 3, 1, 6, 0) + struct.pack(">HHII", 0x8825, 4, 1, 38) + bytes(4)
    gps = struct.pack(">HHHI", 1, 1, 2, 2) + b"N\0\0\0" + bytes(4)
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + entries + gps
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def measures(jpeg: bytes) -> tuple[int, int]:
    """Width and height as the file says them."""
    place = 2
    while jpeg[place + 1] not in (0xC0, 0xC1, 0xC2):
        place += 2 + struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
    height, width = struct.unpack(">HH", jpeg[place + 5 : place + 9])
    return width, height


@pytest.fixture
def form(page: Page, place: Town, acts_as):
    """The page on which the officer hands in a result, its text typed."""
    acts_as(page, place.people[Role.COMMUNE_OFFICER])
    page.goto(f"/assignments/{place.one['soon'].id}/submission")
    page.get_by_label("Kết quả thực hiện").fill(TEXT)
    return page


def choose(page: Page, name: str, data: bytes, kind: str = "image/jpeg") -> None:
    page.locator("#f-files").set_input_files({"name": name, "mimeType": kind, "buffer": data})


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Trình lãnh đạo duyệt").click()


def stored(place: Town, name: str) -> bytes:
    """What the house kept under the name."""
    forget()
    (sha256,) = db.session.scalars(sa.select(StoredFile.sha256).where(StoredFile.name == name))
    return path_of(place.folder, sha256).read_bytes()


def test_a_photo_leaves_small_upright_and_without_its_place(form: Page, place: Town) -> None:
    photo = turned_and_placed(base64.b64decode(form.evaluate(DRAW)))
    assert len(photo) > 1_000_000 and measures(photo) == (4000, 3000) and b"Exif" in photo
    choose(form, "hop-thon.jpg", photo)
    expect(form.locator("[data-uploads]")).to_contain_text("hop-thon.jpg: thu nhỏ còn")
    hand_in(form)
    expect(form.get_by_text("Đã nộp kết quả.")).to_be_visible()
    sent = stored(place, "hop-thon.jpg")
    assert len(sent) <= 600_000 and b"Exif" not in sent
    assert measures(sent) == (1200, 1600), "it lay on its side and stands now"


def test_without_a_canvas_the_original_is_sent(form: Page, place: Town) -> None:
    photo = turned_and_placed(base64.b64decode(form.evaluate(DRAW)))
    form.evaluate("() => { HTMLCanvasElement.prototype.toBlob = () => { throw new Error('no memory'); }; }")
    choose(form, "hop-thon.jpg", photo)
    hand_in(form)
    expect(form.get_by_text("Đã nộp kết quả.")).to_be_visible()
    assert stored(place, "hop-thon.jpg") == photo


def test_a_line_that_is_cut_while_a_file_leaves_is_waited_for_and_nothing_comes_twice(
    form: Page, place: Town
) -> None:
    paper = b"%PDF-1.4\n" + bytes(range(256)) * 800 + b"\n%%EOF\n"
    choose(form, "bao-cao.pdf", paper, "application/pdf")
    form.context.set_offline(True)
    hand_in(form)
    expect(form.locator("[data-uploads]")).to_contain_text("đang chờ để gửi lại")
    assert form.get_by_label("Kết quả thực hiện").input_value() == TEXT
    form.context.set_offline(False)
    expect(form.get_by_text("Đã nộp kết quả.")).to_be_visible()
    assert stored(place, "bao-cao.pdf") == paper
    forget()
    of_it = Submission.assignment_id == place.one["soon"].id
    assert db.session.scalars(sa.select(Submission.text).where(of_it)).all() == [TEXT]


def test_what_is_wrong_with_a_form_that_a_script_sent_is_said_as_always(form: Page) -> None:
    choose(form, "ghi-chu.pdf", b"no paper at all", "application/pdf")
    hand_in(form)
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.get_by_label("Kết quả thực hiện")).to_have_value(TEXT)
