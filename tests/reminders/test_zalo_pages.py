"""The pages of Zalo: consent in one click, what rests, who cannot be reached; a house without Zalo has none of it."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from builders import a_commune, a_province, at, somebody
from click.testing import CliRunner
from fake_zalo import OA_ID, TEMPLATE_IDS
from zaloing import NOON, consented, kept_account, room_of, with_phone

from tracker.app import gather_commands
from tracker.cli import commands
from tracker.db import forget
from tracker.reminders.channels.zalo.contacts import contact_of, mark_unreachable
from tracker.reminders.channels.zalo.errors import Trouble
from tracker.reminders.channels.zalo.rests import CHANNEL, rest, resting
from tracker.rules.access import Role
from tracker.settings import SettingsError, load_settings


@pytest.fixture
def admin(browser):
    """An administrator of the province, and her browser at noon."""
    with time_machine.travel(NOON, tick=False):
        province = a_province()
        browser.acts_as(somebody(province, Role.ADMINISTRATOR, "Vũ Thị Quản"))
        browser.province = province
        yield browser


def typed(app, *arguments):
    gather_commands(commands)
    forget()
    return CliRunner().invoke(commands, list(arguments), obj=app)


def test_a_house_without_zalo_has_no_page_no_link_and_no_line_of_it(app, admin):
    admin.get("/zalo", expect=404)
    admin.get("/account/zalo", expect=404)
    assert "Zalo" not in admin.get("/account").html
    assert "Zalo" not in admin.get("/start").html
    assert "zalo" not in typed(app, "doctor", "--json").output
    assert typed(app, "zalo", "check").exit_code == 1


def test_consent_is_one_click_there_and_back(admin, zalo, settings_with_zalo):
    page = admin.get("/start")
    page = admin.click("Kênh Zalo")
    assert "Chưa cấp" in page and "/zalo/webhook" in page.html
    there = admin.get("/zalo/consent", expect=302).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert there.startswith(f"{zalo.url}/v4/oa/permission?")
    back = urlsplit(zalo.consent(asked["redirect_uri"], asked["code_challenge"], asked["state"]))
    assert back.path == "/zalo/consented"
    page = admin.get(f"{back.path}?{back.query}")
    assert "Đã nhận quyền" in page and OA_ID in page.text and "Vũ Thị Quản" in page
    assert room_of(settings_with_zalo).tokens.current(NOON) == zalo.access_token
    assert "đã dùng rồi" in admin.get(f"{back.path}?{back.query}", expect=409)


def test_a_consent_begun_by_nobody_here_is_refused(admin, zalo, settings_with_zalo):
    assert "không bắt đầu từ máy này" in admin.get("/zalo/consented?code=x&state=y&oa_id=1", expect=409)
    admin.get("/zalo/consent", expect=302)
    assert "không bắt đầu từ máy này" in admin.get("/zalo/consented?code=x&state=y", expect=409)
    admin.get("/zalo/consented", expect=422)


def test_a_code_that_zalo_does_not_know_is_said_in_its_words(admin, zalo, settings_with_zalo):
    there = admin.get("/zalo/consent", expect=302).headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    assert "-14003" in admin.get(f"/zalo/consented?code=old&state={state}", expect=409)


def test_a_lost_chain_is_shown_with_its_reason_and_mended_by_a_click(admin, zalo, settings_with_zalo):
    room = room_of(settings_with_zalo)
    consented(zalo, room, NOON)
    room.tokens.give_up("Zalo không nhận quyền truy cập (-216)")
    page = admin.get("/zalo")
    assert "thư điện tử gửi thay" in page and "-216" in page and "Cấp quyền lại" in page
    there = parse_qs(urlsplit(admin.get("/zalo/consent", expect=302).headers["Location"]).query)
    back = zalo.consent("", there["code_challenge"][0], there["state"][0])
    assert "-216" not in admin.get(f"/zalo/consented{back}")
    assert kept_account().trouble == ""


def test_what_rests_is_shown_and_can_be_woken(admin, zalo, settings_with_zalo):
    consented(zalo, room_of(settings_with_zalo), NOON)
    rest(CHANNEL, Trouble.ACCOUNT, "Hết tiền (-115)", NOON + timedelta(hours=18), now=NOON)
    rest("104", Trouble.TEMPLATE, "Mẫu bị khóa (-146)", NOON + timedelta(hours=18), now=NOON)
    page = admin.get("/zalo")
    assert "Hết tiền (-115)" in page and "Mẫu tin 104" in page
    admin.submit("Bật lại channel")
    assert [one.scope for one in resting(NOON)] == ["104"]
    assert resting(NOON + timedelta(hours=18)) == []


def test_people_whom_zalo_cannot_reach_are_listed_and_tried_again(admin, settings_with_zalo):
    officer = somebody(a_commune(admin.province), Role.COMMUNE_OFFICER, "Lê Quốc Cường")
    stranger = somebody(a_commune(a_province("P2"), "C2"), Role.COMMUNE_OFFICER, "Người Tỉnh Khác")
    for one in (officer, stranger):
        mark_unreachable(one.person_id, "84987654321", "Không có Zalo (-118)", now=NOON)
    page = admin.get("/zalo")
    assert "Số 84987654321: Không có Zalo (-118)" in page and "Người Tỉnh Khác" not in page
    admin.submit("Thử lại Lê Quốc Cường")
    assert contact_of(officer.person_id).phone_refused == ""
    assert "Chưa có ai" in admin.get("/zalo")
    mark_unreachable(officer.person_id, "84987654321", "Không có Zalo (-118)", now=NOON)
    admin.get("/zalo")
    form = {"csrf_token": admin._token(), "person_id": stranger.person_id}
    assert admin.client.post("/zalo/retry", data=form).status_code == 404


def test_a_person_says_whether_zalo_is_wanted(browser, settings_with_zalo):
    officer = somebody(a_commune(a_province()), Role.COMMUNE_OFFICER)
    browser.acts_as(officer).get("/account")
    browser.click("Nhận nhắc việc qua Zalo")
    assert "Đang không nhận" in browser.submit("Ngừng nhận qua Zalo")
    assert not contact_of(officer.person_id).wanted
    assert "Đang nhận" in browser.submit("Nhận lại qua Zalo")
    assert contact_of(officer.person_id).wanted


def test_the_templates_can_be_read_from_the_terminal(app, database):
    said = typed(app, "zalo", "templates").output
    assert "== nhac_viec_01" in said and "<ten_nhiem_vu>: product, tối đa 90 ký tự" in said


def test_zalo_is_asked_whether_it_agrees_with_our_templates(app, database, zalo, settings_with_zalo):
    with time_machine.travel(NOON, tick=False):
        refused = typed(app, "zalo", "check")
        assert refused.exit_code == 1 and "Cấp quyền" in str(refused.exception)
        consented(zalo, room_of(settings_with_zalo), NOON)
        well = typed(app, "zalo", "check", "--json")
        assert well.exit_code == 0, well.output
        assert {one["wrong"] for one in json.loads(well.output)} == {""}
        zalo.templates[TEMPLATE_IDS["returned"]].pop("han_nop_lai")
        zalo.templates[TEMPLATE_IDS["digest"]]["la"] = 10
        zalo.templates.pop(TEMPLATE_IDS["extended"])
        zalo.templates[TEMPLATE_IDS["overdue"]]["ten_nhiem_vu"] = 40
        said = typed(app, "zalo", "check")
        assert said.exit_code == 1
        assert "thiếu tham số han_nop_lai" in said.output and "tham số lạ la" in said.output
        assert "-109" in said.output
        forget()
        assert room_of(settings_with_zalo).writer().limits[TEMPLATE_IDS["overdue"]]["ten_nhiem_vu"] == 40


def test_the_doctor_says_how_zalo_is(app, database, zalo, settings_with_zalo):
    with time_machine.travel(NOON, tick=False):
        said = {one["name"]: one for one in json.loads(typed(app, "doctor", "--json").output)}
        assert not said["zalo"]["well"] and "Cấp quyền" in said["zalo"]["said"]
        consented(zalo, room_of(settings_with_zalo), NOON)
        said = {one["name"]: one for one in json.loads(typed(app, "doctor", "--json").output)}
        assert said["zalo"]["well"] and OA_ID in said["zalo"]["said"]
        rest(CHANNEL, Trouble.QUOTA, "Hết hạn mức (-144)", at("2026-06-18 06:00"), now=NOON)
        said = {one["name"]: one for one in json.loads(typed(app, "doctor", "--json").output)}
        assert not said["zalo"]["well"] and "-144" in said["zalo"]["said"]


def test_an_app_without_its_secret_is_a_wrong_setting():
    with pytest.raises(SettingsError, match="TRACKER_ZALO_APP_SECRET"):
        load_settings({"TRACKER_ZALO_APP_ID": "123"})
    assert load_settings({"TRACKER_ZALO_APP_ID": "123", "TRACKER_ZALO_APP_SECRET": "x"}).zalo_app_id == "123"


def test_a_phone_number_is_no_proof_of_anything(browser, settings_with_zalo):
    officer = somebody(a_commune(a_province()), Role.COMMUNE_OFFICER)
    with_phone(officer, "0987654321")
    assert "Đã liên kết" not in browser.acts_as(officer).get("/account/zalo")


def test_a_channel_that_is_closed_is_told_on_every_page_though_nothing_waits(admin, zalo, settings_with_zalo):
    """Consent that died shows before the first reminder fails to leave."""
    room = room_of(settings_with_zalo)
    assert "Kênh Zalo đang đóng: Chưa được cấp quyền gửi tin qua Zalo OA" in admin.get("/start")
    consented(zalo, room, NOON)
    assert "Kênh Zalo đang đóng" not in admin.get("/start")
    room.tokens.give_up("Zalo trả lời -216")
    assert "Kênh Zalo đang đóng: Zalo trả lời -216: cần người quản trị cấp quyền lại." in admin.get("/start")
    consented(zalo, room, NOON)
    rest(CHANNEL, Trouble.NIGHT, "Đêm", NOON + timedelta(hours=1), now=NOON)
    assert "Kênh Zalo đang đóng" not in admin.get("/start")
    rest(CHANNEL, Trouble.ACCOUNT, "OA bị khóa", NOON + timedelta(hours=1), now=NOON)
    assert "Kênh Zalo đang đóng: OA bị khóa" in admin.get("/start")


def test_tokens_that_a_changed_secret_cannot_read_are_told_wherever_a_person_looks(
    app, admin, zalo, settings_with_zalo, monkeypatch
):
    """After a restored backup or a new TRACKER_SECRET_KEY nothing leaves by Zalo; nobody would hear of it."""
    consented(zalo, room_of(settings_with_zalo), NOON)
    monkeypatch.setattr(app, "secret_key", "another secret")
    admin.acts_as(somebody(admin.province, Role.ADMINISTRATOR, "Vũ Thị Quản Hai"))
    for address in ("/start", "/outbox"):
        page = admin.get(address)
        assert "Kênh Zalo đang đóng: Khóa bí mật của hệ thống đã đổi" in page and "«Cấp quyền lại»" in page
    page = admin.get("/zalo")
    assert "thư điện tử gửi thay" in page and "Khóa bí mật" in page and "tự gia hạn" not in page
    said = {one["name"]: one for one in json.loads(typed(app, "doctor", "--json").output)}
    assert not said["zalo"]["well"] and "«Cấp quyền lại»" in said["zalo"]["said"]
    there = parse_qs(urlsplit(admin.get("/zalo/consent", expect=302).headers["Location"]).query)
    back = zalo.consent("", there["code_challenge"][0], there["state"][0])
    assert "Khóa bí mật" not in admin.get(f"/zalo/consented{back}")
    assert "Kênh Zalo đang đóng" not in admin.get("/start")
