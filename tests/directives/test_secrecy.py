"""Secret papers never enter (D10): refused in a sentence at the field that shows it, and nothing is kept."""

from __future__ import annotations

import unicodedata

import pytest
from builders import a_directive
from places import Place

from tracker.db import db
from tracker.directives.models import Directive
from tracker.history.models import Event
from tracker.rules.papers import secret_fields

SECRET = [
    ({"secrecy": "secret"}, "secrecy"),
    ({"secrecy": "top_secret"}, "secrecy"),
    ({"secrecy": "most_secret"}, "secrecy"),
    ({"doc_symbol": "12/M-UBND"}, "doc_symbol"),
    ({"doc_symbol": "12/KH-M"}, "doc_symbol"),
    ({"doc_symbol": "12/BC-TM-UBND"}, "doc_symbol"),
    ({"doc_symbol": "03/TM"}, "doc_symbol"),
    ({"doc_symbol": "03/TuM-BCH"}, "doc_symbol"),
    ({"abstract": "(Mật) Kế hoạch diễn tập"}, "abstract"),
    ({"abstract": "Kế hoạch diễn tập khu vực phòng thủ [MẬT]"}, "abstract"),
    ({"abstract": "Độ mật: Mật. Kế hoạch diễn tập"}, "abstract"),
    ({"abstract": "Mật: kế hoạch diễn tập"}, "abstract"),
    ({"abstract": "MẬT"}, "abstract"),
    ({"abstract": "Tối mật – phương án bảo vệ"}, "abstract"),
    ({"abstract": "Phương án bảo vệ, tuyệt mật"}, "abstract"),
    ({"abstract": "Về việc gửi văn bản mật kèm theo"}, "abstract"),
]
OPEN = [
    {"abstract": "Tăng cường bảo vệ bí mật nhà nước"},
    {"abstract": "Bảo mật thông tin, mật khẩu của cán bộ"},
    {"abstract": "Quy hoạch mật độ xây dựng khu dân cư"},
    {"abstract": "Phát triển nghề nuôi ong lấy mật"},
    {"abstract": "Số hóa hồ sơ (trừ văn bản mật)"},
    {"doc_symbol": "5426/UBND-KGVX"},
    {"doc_symbol": "304/TB-BCĐ"},
    {"doc_symbol": "12/KH-MTTQ"},
    {"doc_symbol": "9/TM1-UBND"},
]


@pytest.mark.parametrize(("marks", "field"), SECRET)
def test_a_mark_of_secrecy_is_seen_where_it_stands_in_every_form_of_unicode(marks, field):
    assert secret_fields(**marks) == [field]
    assert secret_fields(**{name: unicodedata.normalize("NFD", text) for name, text in marks.items()}) == [field]


@pytest.mark.parametrize("words", OPEN)
def test_ordinary_words_are_not_taken_for_marks(words):
    assert secret_fields(**words) == []


@pytest.fixture
def place(database):
    return Place()


@pytest.mark.parametrize(("marks", "field"), SECRET)
def test_a_secret_paper_is_not_recorded_and_leaves_nothing(browser, place, marks, field):
    browser.acts_as(place.issuer).get("/directives/new")
    before = db.session.query(Event).count()
    paper = {"doc_symbol": "12/KH-UBND", "issued_on": "2/1/2026", "abstract": "Kế hoạch", **marks}
    page = browser.submit("Lưu", expect=422, **paper)
    assert page.complaints_shown() == {
        field: "Văn bản mật không được đưa vào hệ thống. Hãy theo dõi bằng đường văn bản mật."
    }
    assert all(str(value) in page.html for value in paper.values())
    assert db.session.query(Directive).count() == 0 and db.session.query(Event).count() == before


@pytest.mark.parametrize(("marks", "field"), SECRET[::5])
def test_no_correction_makes_a_paper_secret(browser, place, marks, field):
    directive = a_directive(place.province)
    browser.acts_as(place.issuer).get(f"/directives/{directive.id}/correction")
    page = browser.submit("Lưu", expect=422, **marks)
    assert set(page.complaints_shown()) == {field}
    db.session.expire_all()
    kept = db.session.get(Directive, directive.id)
    assert (kept.secrecy, kept.doc_symbol, kept.abstract) == ("none", "12/KH-UBND", "Triển khai nhiệm vụ")


def test_the_page_of_files_warns_of_secret_papers(browser, place):
    directive = a_directive(place.province)
    assert "Không tải lên văn bản mật." in browser.acts_as(place.issuer).get(f"/directives/{directive.id}")
    one = place.given(directive=directive)
    assert "Không tải lên văn bản mật." in browser.acts_as(place.leader).get(f"/assignments/{one.id}/submission")


@pytest.mark.parametrize("typed", [{"text": "Đã ban hành (Mật)"}, {"doc_symbol": "8/M-UBND"}])
def test_no_result_speaks_of_a_secret_paper(browser, place, typed):
    one = place.given()
    browser.acts_as(place.leader).get(f"/assignments/{one.id}/submission")
    page = browser.submit("Gửi tỉnh", expect=422, **{"text": "Xong", **typed})
    assert set(page.complaints_shown()) == set(typed)
