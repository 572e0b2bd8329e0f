"""The store: bytes whole or not at all, however the power goes; what nothing names is swept after a day."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import threading
from datetime import timedelta

import bytes_of_files as papers
import pytest
from builders import at
from places import HOUR_LATER, Place

from tracker.db import db
from tracker.errors import Invalid, TooLarge
from tracker.evidence.actions import sweep_store
from tracker.evidence.commands import commands
from tracker.evidence.intake import Upload, accept
from tracker.evidence.models import StoredFile
from tracker.evidence.store import keep, path_of, stored
from tracker.tasks import handing_in
from tracker.tasks.handing_in import Paper, hand_in

NOW = at("2026-03-16 09:00")


def old(path, hours: float) -> None:
    moment = NOW.timestamp() - hours * 3600
    os.utime(path, (moment, moment))


class Slow(io.BytesIO):
    """Bytes that come in small pieces, as over a thin line."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.most = max(self.most, size or 0)
        return super().read(min(size or 0, 100))


def test_bytes_are_streamed_in_pieces_and_hashed_as_they_come(tmp_path):
    stream = Slow(papers.PDF * 100)
    kept = keep(stream, tmp_path, max_mb=1)
    assert kept.sha256 == hashlib.sha256(papers.PDF * 100).hexdigest()
    assert path_of(tmp_path, kept.sha256).read_bytes() == papers.PDF * 100
    assert stream.most <= 1 << 20


def test_the_kind_is_known_even_when_the_first_piece_is_short(tmp_path):
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(2)

    [file] = accept([Upload(Drops(papers.PDF), "a.pdf")], tmp_path, max_mb=1)
    assert file.media_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("..\\..\\windows\\he thong.pdf", "he thong.pdf"),
        ('a<b>"c":|?*\r\nX-Evil: 1.pdf', "a b c X-Evil 1.pdf"),
        ("\0.pdf", "pdf.pdf"),
        ("...", "tep.pdf"),
        ("a/", "tep.pdf"),
        ("", "tep.pdf"),
        ("C:con.pdf", "C con.pdf"),
    ],
)
def test_no_name_of_an_upload_reaches_beyond_a_name(tmp_path, name, kept_as):
    [file] = accept([Upload(io.BytesIO(papers.PDF), name)], tmp_path, max_mb=1)
    assert file.name == kept_as


@pytest.mark.parametrize("trouble", [OSError("line cut"), KeyboardInterrupt()])
def test_a_cut_line_leaves_nothing(tmp_path, trouble):
    class Cut(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise trouble
            return super().read(10)

    with pytest.raises(type(trouble)):
        keep(Cut(papers.PDF), tmp_path, max_mb=1)
    assert list(stored(tmp_path)) == []


def test_too_much_leaves_nothing_and_is_noticed_at_once(tmp_path):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"\0" * size

    endless = Endless()
    with pytest.raises(TooLarge, match="1 MB"):
        keep(endless, tmp_path, max_mb=1)
    assert endless.given <= 3 << 20 and list(stored(tmp_path)) == []


def test_a_process_killed_while_streaming_leaves_only_what_the_sweep_takes(database, tmp_path):
    class Kills(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                os.kill(os.getpid(), signal.SIGKILL)
            return super().read(10)

    child = os.fork()
    if child == 0:
        keep(Kills(papers.PDF), tmp_path, max_mb=1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    [left] = stored(tmp_path)
    assert left.name.startswith("incoming-")
    old(left, 23)
    assert sweep_store(tmp_path, now=NOW) == 0
    old(left, 25)
    assert sweep_store(tmp_path, now=NOW) == 1 and list(stored(tmp_path)) == []


def test_a_kill_between_file_and_fact_leaves_bytes_without_a_row_which_are_swept(database, tmp_path, monkeypatch):
    place = Place()
    one = place.given()

    def die(*_args, **_told):
        raise KeyboardInterrupt

    monkeypatch.setattr(handing_in, "write_result", die)
    upload = Upload(io.BytesIO(papers.PDF), "a.pdf")
    with pytest.raises(KeyboardInterrupt):
        hand_in(one, "Xong", Paper(), [upload], folder=tmp_path, max_mb=1, by=place.leader, **HOUR_LATER)
    assert db.session.query(StoredFile).count() == 0
    [left] = stored(tmp_path)
    old(left, 25)
    assert sweep_store(tmp_path, now=NOW) == 1


def test_the_sweep_leaves_what_a_record_names_and_what_came_today(database, tmp_path):
    place = Place()
    upload = Upload(io.BytesIO(papers.PDF), "a.pdf")
    hand_in(place.given(), "Xong", Paper(), [upload], folder=tmp_path, max_mb=1, by=place.leader, **HOUR_LATER)
    accept([Upload(io.BytesIO(papers.PNG), "b.png"), Upload(io.BytesIO(papers.JPEG), "c.jpg")], tmp_path, max_mb=1)
    for path in stored(tmp_path):
        old(path, 25)
    old(path_of(tmp_path, hashlib.sha256(papers.PNG).hexdigest()), 1)
    assert sweep_store(tmp_path, now=NOW) == 1
    left = {path.name for path in stored(tmp_path)}
    assert left == {hashlib.sha256(each).hexdigest() for each in (papers.PDF, papers.PNG)}


def test_bytes_that_come_again_are_young_again(tmp_path):
    kept = keep(io.BytesIO(papers.PDF), tmp_path, max_mb=1)
    old(path_of(tmp_path, kept.sha256), 48)
    before = path_of(tmp_path, kept.sha256).stat().st_mtime
    keep(io.BytesIO(papers.PDF), tmp_path, max_mb=1)
    assert path_of(tmp_path, kept.sha256).stat().st_mtime > before + timedelta(days=1).total_seconds()


def test_a_wrong_file_whose_bytes_are_known_already_leaves_the_known_ones(tmp_path):
    keep(io.BytesIO(papers.OLD_OFFICE), tmp_path, max_mb=1)
    with pytest.raises(Invalid):
        accept([Upload(io.BytesIO(papers.OLD_OFFICE), "x.ppt")], tmp_path, max_mb=1)
    assert len(list(stored(tmp_path))) == 1


def test_two_who_bring_the_same_bytes_at_once_leave_one_whole_file(tmp_path):
    content = papers.PDF + b"\0" * (1 << 20)
    threads = [
        threading.Thread(target=keep, args=(io.BytesIO(content), tmp_path), kwargs={"max_mb": 2}) for _ in "12345"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [only] = stored(tmp_path)
    assert only.read_bytes() == content


def test_the_sweep_is_a_command_that_says_what_it_did(app, database):
    said = app.test_cli_runner().invoke(commands, ["sweep"])
    assert said.exit_code == 0 and said.output.startswith("Đã xóa ")
