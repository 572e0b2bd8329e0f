"""Each deed by its page: done and said; wrong input keeps what was typed; roles, states and versions are kept."""

from __future__ import annotations

import pytest
import time_machine
from builders import somebody
from places import HOUR_LATER, NOW, Place, state

from tracker.db import db
from tracker.rules.access import Role
from tracker.tasks import actions
from tracker.tasks.models import Assignment, Extension, Submission


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(database):
    return Place()


CONFIRM, HAND_UP, TRANSFER = "Xác nhận hoàn thành", "Trình lãnh đạo duyệt", "Chuyển đơn vị khác"
DECIDE = "Quyết định"
DOCUMENT = {"reason": "Theo thông báo", "document": "304/TB-BCĐ ngày 27/03/2026"}
# noun, who, where it begins, button, what is typed, where it leads
DEEDS = [
    ("delegation", "leader", "given", "Giao", {"officer_id": "officer", "internal_due": "18/3"}, "received"),
    ("progress", "officer", "given", "Lưu", {"text": "Đã họp", "cause": "staff"}, "in_progress"),
    ("progress", "officer", "overdue", "Lưu", {"text": "Xin lỗi, mai xong", "cause": ""}, "in_progress"),
    ("submission", "officer", "given", HAND_UP, {"text": "Đã xong", "doc_symbol": "212/BC-UBND"}, "in_progress"),
    ("submission", "leader", "given", "Gửi tỉnh", {"text": "Đã xong", "nothing_to_report": True}, "submitted"),
    ("sending", "leader", "written", "Duyệt, gửi tỉnh", {}, "submitted"),
    ("handing-back", "leader", "written", "Trả lại cán bộ", {"reason": "Thiếu phụ lục"}, "in_progress"),
    ("recall", "leader", "sent", "Rút lại", {}, "in_progress"),
    ("extension-request", "officer", "given", "Gửi đề nghị", {"quick": "7", "reason": "Chờ số liệu"}, "assigned"),
    ("extension-request", "officer", "given", "Gửi đề nghị", {"until_on": "1/4", "reason": "Chờ"}, "assigned"),
    ("declining", "leader", "given", "Đề nghị không thực hiện", {"reason": "Ngoài địa bàn"}, "declined"),
    ("confirmation", "issuer", "sent", CONFIRM, {}, "completed"),
    ("confirmation", "issuer", "sent", CONFIRM, {"result_doc_on": "12/3/2026", "reason": "Bản giấy"}, "completed"),
    ("return", "issuer", "sent", "Trả lại", {"why": "missing", "text": "Thiếu phụ lục I"}, "in_progress"),
    ("extension-decision", "issuer", "asked", "Quyết định", {"granted": "yes", "note": "Đồng ý"}, "assigned"),
    ("extension-decision", "issuer", "asked", "Quyết định", {"granted": "no", "document": "9/UBND"}, "assigned"),
    ("decline-decision", "issuer", "declined", "Không chấp thuận đề nghị", {"reason": "Thuộc xã"}, "assigned"),
    ("transfer", "issuer", "given", TRANSFER, {"unit_id": "neighbour", **DOCUMENT}, "transferred"),
    ("suspension", "issuer", "given", "Tạm dừng", DOCUMENT, "suspended"),
    ("resumption", "issuer", "suspended", "Tiếp tục thực hiện", {"reason": "Đã có hướng dẫn"}, "in_progress"),
    ("cancellation", "issuer", "given", "Hủy nhiệm vụ", DOCUMENT, "cancelled"),
    ("reopening", "issuer", "completed", "Mở lại", DOCUMENT, "in_progress"),
]  # fmt: skip
NOUNS = sorted({deed[0] for deed in DEEDS})


@pytest.mark.parametrize(("noun", "who", "how", "button", "values", "end"), DEEDS)
def test_a_deed_is_done_and_said(browser, place, noun, who, how, button, values, end):
    one = getattr(place, how)()
    ids = {"officer": place.officer.person_id, "neighbour": place.stranger.unit_id}
    browser.acts_as(getattr(place, who)).get(f"/assignments/{one.id}/{noun}")
    page = browser.submit(button, **{key: ids.get(value, value) for key, value in values.items()})
    assert page.url == f"/assignments/{one.id}" and "data-sent" in page.html
    assert state(one) == end


WRONG = [
    ("delegation", "leader", "given", "Giao", {"internal_due": "30/3"}, {"officer_id"}),
    ("delegation", "leader", "given", "Giao", {"officer_id": "officer", "internal_due": "30/3"}, {"internal_due"}),
    ("delegation", "leader", "given", "Giao", {"officer_id": "officer", "internal_due": "31/2"}, {"internal_due"}),
    ("progress", "officer", "given", "Lưu", {"text": "  "}, {"text"}),
    ("progress", "officer", "given", "Lưu", {"text": "x" * 2001}, {"text"}),
    ("submission", "officer", "given", HAND_UP, {"text": "Đã xong"}, {"files"}),
    ("submission", "officer", "given", HAND_UP, {"text": "", "doc_on": "mai"}, {"text", "doc_on"}),
    ("handing-back", "leader", "written", "Trả lại cán bộ", {"reason": ""}, {"reason"}),
    ("extension-request", "officer", "given", "Gửi đề nghị", {"reason": "Chờ"}, {"until_on"}),
    ("extension-request", "officer", "given", "Gửi đề nghị", {"until_on": "19/3", "reason": "Chờ"}, {"until_on"}),
    ("extension-request", "officer", "given", "Gửi đề nghị", {"quick": "7"}, {"reason"}),
    ("declining", "leader", "given", "Đề nghị không thực hiện", {"reason": ""}, {"reason"}),
    ("confirmation", "issuer", "sent", CONFIRM, {"result_doc_on": "12/3/2026"}, {"reason"}),
    ("confirmation", "issuer", "sent", CONFIRM, {"result_doc_on": "17/3/2026", "reason": "x"}, {"result_doc_on"}),
    ("return", "issuer", "sent", "Trả lại", {"text": "Thiếu"}, {"why"}),
    ("return", "issuer", "sent", "Trả lại", {"why": "missing", "text": ""}, {"text"}),
    ("extension-decision", "issuer", "asked", "Quyết định", {}, {"granted"}),
    ("extension-decision", "issuer", "asked", "Quyết định", {"granted": "yes"}, {"note"}),
    ("extension-decision", "issuer", "asked", DECIDE, {"granted": "yes", "note": "x", "new_due": "1.3"}, {"new_due"}),
    ("decline-decision", "issuer", "declined", "Không chấp thuận đề nghị", {"reason": ""}, {"reason"}),
    ("transfer", "issuer", "given", TRANSFER, {"unit_id": "", **DOCUMENT}, {"unit_id"}),
    ("transfer", "issuer", "given", TRANSFER, {"reason": "", "document": ""}, {"unit_id", "reason", "document"}),
    ("suspension", "issuer", "given", "Tạm dừng", {"reason": "x", "document": ""}, {"document"}),
    ("resumption", "issuer", "suspended", "Tiếp tục thực hiện", {"reason": ""}, {"reason"}),
    ("cancellation", "issuer", "given", "Hủy nhiệm vụ", {"reason": "", "document": "x"}, {"reason"}),
    ("reopening", "issuer", "completed", "Mở lại", {"reason": "", "document": ""}, {"reason", "document"}),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "who", "how", "button", "values", "fields"), WRONG)
def test_wrong_input_is_complained_of_at_its_field_and_what_was_typed_stays(
    browser, place, noun, who, how, button, values, fields
):
    one = getattr(place, how)()
    before = state(one)
    values = {key: place.officer.person_id if value == "officer" else value for key, value in values.items()}
    browser.acts_as(getattr(place, who)).get(f"/assignments/{one.id}/{noun}")
    page = browser.submit(button, expect=422, **values)
    assert set(page.complaints_shown()) == fields
    for value in values.values():
        assert str(value).strip() in page.html
    assert state(one) == before


@pytest.mark.parametrize("noun", ["receipt", *NOUNS])
def test_a_deed_without_any_field_is_complained_of_or_refused_never_a_crash(browser, place, noun):
    one = place.given()
    for user in (place.leader, place.officer, place.issuer):
        browser.acts_as(user).get("/assignments")
        assert browser.knock("POST", f"/assignments/{one.id}/{noun}") in (302, 303, 403, 409, 422)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMINISTRATOR])
def test_those_who_only_look_may_do_nothing(browser, place, noun, role):
    one = place.given()
    browser.acts_as(somebody(place.province, role))
    assert browser.knock("GET", f"/assignments/{one.id}/{noun}") == 403


def test_a_page_whose_deed_the_state_does_not_offer_says_so_and_leads_back(browser, place):
    one = place.completed()
    page = browser.acts_as(place.officer).get(f"/assignments/{one.id}/progress")
    assert page.url == f"/assignments/{one.id}" and "không thực hiện được" in page


def test_a_move_that_the_state_does_not_allow_is_refused_with_what_was_typed(browser, place):
    one = place.given()
    browser.acts_as(place.officer).get(f"/assignments/{one.id}/progress")
    actions.decline(one, "Ngoài địa bàn", by=place.leader, **HOUR_LATER)
    page = browser.post(f"/assignments/{one.id}/progress", {"text": "Đã họp"}, expect=409)
    assert "Đã họp" in page.html and "không cập nhật được" in page


def test_the_second_of_two_editors_sees_both_and_loses_nothing(browser, place):
    one = place.given()
    browser.acts_as(place.officer).get(f"/assignments/{one.id}/progress")
    actions.delegate(one, place.officer.person_id, None, by=place.leader, **HOUR_LATER)
    page = browser.submit("Lưu", text="Bản của tôi", expect=409)
    for words in ("Bản của tôi", "Bản mới", "Nguyễn Văn An", "Phân công"):
        assert words in page.html
    page = browser.submit("Lưu")
    assert "data-sent" in page.html and "Bản của tôi" in page


def test_who_sent_a_result_cannot_confirm_it(browser, place):
    one = place.sent()
    submission = db.session.query(Submission).one()
    submission.sent_by_id = place.issuer.person_id
    db.session.commit()
    browser.acts_as(place.issuer).get(f"/assignments/{one.id}/confirmation")
    page = browser.submit(CONFIRM, expect=403)
    assert "không được tự xác nhận" in page and state(one) == "submitted"


def test_a_second_extension_is_neither_offered_nor_granted(browser, place):
    one = place.asked()
    browser.acts_as(place.issuer).get(f"/assignments/{one.id}/extension-decision")
    browser.submit("Quyết định", granted="yes", note="Đồng ý")
    assert db.session.query(Extension).one().new_due.isoformat() == "2026-03-27"
    page = browser.acts_as(place.officer).get(f"/assignments/{one.id}/extension-request")
    assert "không thực hiện được" in page
    page = browser.post(f"/assignments/{one.id}/extension-request", {"quick": "7", "reason": "Nữa"}, expect=409)
    assert "tối đa 1 lần" in page


def test_the_review_queue_shows_the_oldest_first_and_opens_the_next_by_itself(browser, place):
    first, second = place.sent(), place.sent()
    page = browser.acts_as(place.issuer).get("/reviews")
    assert page.html.count('aria-current="true"') == 1 and f"/assignments/{first.id}/confirmation" in page.html
    page = browser.submit("Duyệt")
    assert page.heading == "Chờ duyệt" and f"/assignments/{second.id}/confirmation" in page.html
    page = browser.submit(f"/assignments/{second.id}/return", why="figures", text="Cộng lại")
    assert "Đã duyệt hết" in page
    assert (state(first), state(second)) == ("completed", "in_progress")


def test_waiting_over_three_working_days_is_the_province_s_own_delay(browser, place):
    place.sent()
    with time_machine.travel(HOUR_LATER["now"].replace(day=20), tick=False):
        assert "1 chờ quá 3 ngày làm việc" in browser.acts_as(place.issuer).get("/reviews")
    with time_machine.travel(HOUR_LATER["now"].replace(day=19), tick=False):
        assert "chờ quá" not in browser.acts_as(place.issuer).get("/reviews")


def test_extensions_and_declined_work_wait_in_their_own_queues(browser, place):
    place.asked()
    place.declined()
    page = browser.acts_as(place.issuer).get("/reviews")
    assert "Chờ số liệu" in page
    assert "Trả lời" in browser.get("/reviews?tab=declined")
    assert browser.knock("GET", "/reviews?tab=x&open=abc") == 200


def test_a_text_in_another_form_of_unicode_is_kept_in_one(browser, place):
    import unicodedata

    one = place.given()
    browser.acts_as(place.officer).get(f"/assignments/{one.id}/progress")
    page = browser.submit("Lưu", text=unicodedata.normalize("NFD", "Đã họp thôn") + "\x00\u202e")
    assert "Đã họp thôn" in page
    assert db.session.get(Assignment, one.id).difficulty == ""
