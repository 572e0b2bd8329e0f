"""The messages that people get by Zalo, as files that can be read. SNAPSHOTS=write renews them.

Each file holds the message as its reader sees it and the values that travel.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fake_zalo import TEMPLATE_IDS
from hypothesis import given
from hypothesis import strategies as st
from test_letters import DIGESTS, NAME, NOW, SINGLES, WHOLES, item

from tracker.reminders.channels.zalo.carrier import Endpoints, ZaloMessage
from tracker.reminders.channels.zalo.templates import shown, templates
from tracker.reminders.channels.zalo.writing import Writer
from tracker.reminders.letters.wholes import ALONE
from tracker.rules.notices import Hearer, Step
from tracker.rules.zalo_templates import KINDS, complaints, filled

SNAPSHOTS = Path(__file__).parent / "snapshots" / "zalo"
WRITER = Writer(TEMPLATE_IDS, names_tasks=True, limits={})
ITEMS = {**{name: [one] for name, one in SINGLES.items() if name != "assigned_standing"}, **DIGESTS}


def written(name, writer=WRITER):
    return writer.write(NAME, ITEMS[name], NOW, WHOLES.get(name, ALONE))


@pytest.mark.parametrize("name", ITEMS)
def test_a_message_reads_as_its_snapshot(name):
    said = written(name)
    payload = json.dumps(
        {"template_id": said.template_id, "template_data": said.values}, ensure_ascii=False, indent=2
    )
    text = f"{said.text}\n\n{payload}\n"
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


@pytest.mark.parametrize("kind", templates())
def test_zalo_could_approve_every_template(kind):
    assert list(complaints(templates()[kind])) == []


@pytest.mark.parametrize("kind", templates())
def test_a_template_says_nothing_that_zalo_forbids(kind):
    """No links or phone numbers in the text, no abbreviations, neutral address."""
    template = templates()[kind]
    text = filled(" ".join([template.title, *template.paragraphs]), {name: "" for name in template.parameters})
    assert not re.search(r"https?:|\d{4,}|UBND|anh/chị|[!@#%]", text)


def test_a_template_that_zalo_would_refuse_is_told_why():
    broken = replace(
        templates()["digest"],
        title="Ngắn",
        paragraphs=["Một", "<a> <b> <c> <d> <e> <f> <g> <h> <i> <k> <l>"],
        rows=[["<x>", "<a> <b>"]],
        button="Mở",
    )
    said = "\n".join(complaints(broken))
    for words in ("title", "paragraph has 9", "10 parameters", "2 to 8 rows", "«<x>»", "one parameter", "button"):
        assert words in said
    strange = {**templates()["digest"].parameters, "ngay": "day", "thua": "label"}
    said = "\n".join(complaints(replace(templates()["digest"], parameters=strange)))
    assert "called day" in said and "thua stands nowhere" in said


long_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)


@given(long_text, long_text, st.integers(-400, 40), st.sampled_from([*Step]), st.sampled_from([*Hearer]))
def test_no_value_is_empty_or_longer_than_allowed_whatever_people_wrote(content, name, left, step, hearer):
    one = item(step, left, hearer, content=content, new_due=date(2026, 7, 15), detail=name, unit_name=name or "Xã")
    for items in ([one], [one, one, one]):
        said = WRITER.write(name, items, NOW)
        template = templates()[said.kind]
        assert said.values.keys() == template.parameters.keys()
        for parameter, value in said.values.items():
            assert 0 < len(value) <= template.most(parameter)
            assert "\n" not in value


def test_the_limits_that_zalo_itself_gave_are_kept():
    writer = Writer(TEMPLATE_IDS, True, {TEMPLATE_IDS["overdue_call"]: {"ten_nhiem_vu": 20, "ten_can_bo": 400}})
    values = written("overdue", writer).values
    assert values["ten_nhiem_vu"] == "Báo cáo kết quả…"
    assert values["ten_can_bo"] == NAME


def test_a_call_is_offered_where_the_template_allows_and_the_monitor_has_a_mobile_number():
    called = written("overdue")
    assert (called.kind, called.values["dien_thoai"]) == ("overdue_call", "84900000001")
    assert called.text.endswith("[Gọi người theo dõi] 84900000001")
    silent = item(Step.OVERDUE, -4, monitor_phone="02393 855 555")
    assert WRITER.write(NAME, [silent], NOW).kind == "overdue"
    plain = Writer({kind: one for kind, one in TEMPLATE_IDS.items() if not kind.endswith("_call")}, True, {})
    assert written("overdue", plain).kind == "overdue" and "dien_thoai" not in written("overdue", plain).values


def test_a_template_without_an_id_is_replaced_by_the_digest():
    said = written("overdue", Writer({"digest": "106"}, True, {}))
    assert (said.kind, said.template_id, said.values["qua_han"]) == ("digest", "106", "1")
    assert written("overdue", Writer({}, True, {})).template_id == ""


@pytest.mark.parametrize("name", ITEMS)
def test_a_province_that_names_no_tasks_sends_numbers_only(name):
    said = written(name, Writer(TEMPLATE_IDS, False, {}))
    assert said.kind == "digest"
    everything = " ".join(said.values.values())
    assert "Xem trên hệ thống" in everything
    assert not any(one.facts.content in everything or one.facts.doc_symbol in everything for one in ITEMS[name])


def test_the_body_for_a_phone_carries_our_own_id_and_the_one_for_an_account_cannot():
    said = written("overdue")
    endpoints = Endpoints("https://api.example", "https://phone.example")
    url, body = endpoints.of(ZaloMessage(1, "84987654321", "a1b2c3", said))
    assert url == "https://phone.example/message/template"
    assert set(body) == {"phone", "template_id", "template_data", "tracking_id"}
    assert body["phone"] == "84987654321" and body["tracking_id"] == "a1b2c3"
    url, body = endpoints.of(ZaloMessage(1, "user:555", "a1b2c3", said))
    assert url == "https://api.example/v3.0/oa/message/template"
    assert set(body) == {"user_id", "template_id", "template_data"} and body["user_id"] == "555"
    developing = replace(endpoints, development=True)
    assert developing.of(ZaloMessage(1, "user:555", "x", said))[1]["mode"] == "development"


def test_a_date_is_written_with_both_zeros():
    assert WRITER.write(NAME, [item(Step.DUE_SOON, 10)], NOW).values["han_nop"] == "02/07/2026"


def test_the_text_of_a_template_shows_where_its_parameters_stand():
    template = templates()["reminder"]
    assert "Nhiệm vụ <trang_thai_han>" in shown(template, {name: f"<{name}>" for name in template.parameters})
    assert all(kind in KINDS for kind in template.parameters.values())
