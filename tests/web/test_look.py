"""The frame and the macros: strict HTML, each figure also in words, nothing that the policy forbids."""

from __future__ import annotations

import gzip
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tracker.rules import sentences
from tracker.rules.rates import Rate, Tally

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 6, 22)
NAV = [Thing(href=f"/{n}", label=f"Mục {n}", icon="house", current=n == 0) for n in range(6)]


def say(text: str, **values: Any) -> str:
    return Markup(text) % {key: Markup.escape(str(value)) for key, value in values.items()} if values else text


@pytest.fixture(scope="module")
def env() -> Environment:
    env = Environment(loader=FileSystemLoader(ROOT / "templates"), undefined=StrictUndefined, autoescape=True)
    env.globals.update(
        _=say,
        csrf_token=lambda: "token",
        url_for=lambda endpoint, filename: f"/{endpoint}/{filename}",
        get_flashed_messages=lambda with_categories: [("done", "Đã gửi.")],
        icon=lambda name: Markup('<svg><use href="/static/img/icons.svg#%s"/></svg>') % name,
        chip=lambda one: Markup('<span class="st st-%s">%s</span>') % (one.key, one.words),
        share=lambda part, whole: sentences.percent(Rate(part, whole)),
    )
    env.filters.update(
        count=sentences.count,
        percent=sentences.percent,
        short_date=sentences.short_date,
        moment=lambda at: at.strftime("%d/%m %H:%M"),
    )
    return env


def draw(env: Environment, source: str, **context: Any) -> str:
    """The source inside the frame, as a page that strict parsing accepts."""
    imports = "".join(
        f'{{% import "macros/{name}.html" as {name} with context %}}' for name in ("ui", "forms", "charts")
    )
    page = env.from_string(
        '{% extends "base.html" %}{% block title %}Trang{% endblock %}{% block content %}'
        + imports
        + source
        + "{% endblock %}"
    ).render(**context)
    html5lib.HTMLParser(strict=True).parse(page)
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    return page


def test_the_frame_stands_without_anything_given_as_at_the_sign_in(env: Environment) -> None:
    page = draw(env, "")
    assert "<title>Trang – Đôn Đốc</title>" in page
    assert "<h1>Trang</h1>" in page
    assert 'class="tabs"' not in page and 'action="/sign-out"' not in page


def test_the_frame_shows_where_one_is_and_what_waits(env: Environment) -> None:
    page = draw(
        env,
        "",
        nav=NAV,
        place="UBND xã An Bình",
        account=Thing(name="Lê Quốc Cường", href="/account", sign_out="/sign-out"),
        inbox=Thing(href="/inbox", unread=3),
        search=Thing(href="/search", text=""),
        demo=True,
        theme="dark",
    )
    for text in (
        'data-theme="dark"',
        "Thông báo, 3 chưa đọc",
        "dữ liệu minh họa",
        'action="/sign-out"',
        "Đã gửi.",
    ):
        assert text in page
    assert page.count('aria-current="page"') == 2


def test_a_complaint_is_tied_to_its_field_and_what_was_typed_stays(env: Environment) -> None:
    form = Thing(values={"due_on": "31/06", "why": "<b>"}, errors={"due_on": "Ngày 31/06 không có trong lịch."})
    page = draw(
        env,
        '{{ forms.error_summary(form.errors) }}<form action="/x" method="post">{{ forms.csrf() }}'
        '{{ forms.field(form, "due_on", "Hạn", "Ví dụ 25/06/2026.", type="date") }}'
        '{{ forms.textarea(form, "why", "Lý do", required=false) }}</form>',
        form=form,
    )
    assert "<title>Lỗi: Trang" in page
    assert '<a href="#f-due_on">Ngày 31/06 không có trong lịch.</a>' in page
    assert 'aria-describedby="f-due_on-hint f-due_on-err" aria-invalid="true"' in page
    assert 'value="31/06"' in page and "&lt;b&gt;</textarea>" in page
    assert "(không bắt buộc)" in page and 'name="csrf_token" value="token"' in page


def test_choices_show_what_was_chosen(env: Environment) -> None:
    form = Thing(values={"unit": 2, "kind": "b", "units": ["1", "2"], "sure": "1"}, errors={})
    page = draw(
        env,
        '<form action="/x">{{ forms.select(form, "unit", "Xã", pairs) }}'
        '{{ forms.radios(form, "kind", "Loại", kinds) }}'
        '{{ forms.checkboxes(form, "units", "Các xã", pairs) }}'
        '{{ forms.checkbox(form, "sure", "Chắc chắn") }}'
        '{{ forms.checkbox(form, "never", "Không") }}{{ forms.files(form, "files", "Minh chứng") }}'
        '{{ forms.field(form, "secret", "Mật khẩu", type="password") }}</form>',
        form=form,
        pairs=[(1, "An Bình"), (2, "Sơn Hà"), (3, "Khánh An")],
        kinds=[("a", "Theo tiến độ", "Có hạn"), ("b", "Thường xuyên")],
    )
    assert '<option value="2" selected>' in page and page.count(" selected") == 1
    assert page.count(" checked") == 4


@pytest.mark.parametrize(
    ("tally", "rows", "bars"),
    [
        (Tally(), 4, 0),
        (Tally(done_on_time=3702, done_late=209, open_in_term=774, open_overdue=127), 4, 4),
        (Tally(done_on_time=9999, open_overdue=1, done_no_deadline=2, open_no_deadline=1), 6, 4),
    ],
)
def test_the_bar_of_cells_fills_its_width_and_says_every_number(
    env: Environment, tally: Tally, rows: int, bars: int
) -> None:
    page = draw(env, '{{ charts.four_cell_bar(tally, {"open_overdue": "/q"}) }}', tally=tally)
    bar = page[page.index('class="seg"') : page.index('class="lg"')]
    widths = [(float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" width="([\d.]+)" height="30"', bar)]
    assert len(widths) == bars
    if bars:
        assert sum(widths[-1]) == pytest.approx(1000, abs=0.5)
        assert min(width for _, width in widths) > 4
    assert page.count("<em>") == rows
    assert f"Chưa hoàn thành, quá hạn {sentences.count(tally.open_overdue)}" in bar


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0], [62, 70, 131, 127], [1, 100_000]])
def test_a_line_stays_inside_its_frame_and_has_its_words(env: Environment, values: list[int]) -> None:
    points = [Thing(label=f"T{week}", value=value) for week, value in enumerate(values)]
    page = draw(env, '{{ charts.line_chart(points, "Số quá hạn theo tuần") }}', points=points)
    assert "<title id=" in page and "Số quá hạn theo tuần" in page
    assert all(15 <= float(y) <= 150 for y in re.findall(r'cy="([\d.-]+)"', page))


def test_small_parts_say_their_one_thing(env: Environment) -> None:
    days = [Thing(day=DAY + timedelta(n), number=n % 3, href="/d", off=n in (5, 6), today=n == 0) for n in range(14)]
    page = draw(
        env,
        "{{ chip(c) }}{{ ui.due(day, original=day.replace(day=1)) }}{{ ui.due(none) }}"
        "{{ ui.counts([item]) }}"
        '{{ ui.kpi("Đã giao", "4.812", "/all", "done", "check", "81,3%", "tuần") }}{{ ui.views([view]) }}'
        '{{ ui.filters([view], "/") }}{{ ui.days_strip(days) }}{{ ui.timeline(events) }}'
        '{{ ui.empty("Chưa có.", [view]) }}{{ charts.bullet(rate, rate, "Xã") }}'
        '{{ charts.ranked_bar("Việc", 3, 0, "/t", cause="chờ") }}{{ ui.message("Hỏng.", "error") }}',
        c=Thing(key="overdue", words="Quá hạn 4 ngày", icon="triangle-alert"),
        day=DAY,
        item=Thing(key="soon", icon="clock", number=1204, label="7 ngày tới", href="/s"),
        view=Thing(href="/v", label="Tất cả", number=1502, current=True),
        days=days,
        events=[
            Thing(at=datetime(2026, 6, 22, 7, 32), words="Trả lại", by="Dung", note="Thiếu", key="returned")  # noqa: DTZ001
        ],
        rate=Rate(38, 52),
    )
    for text in ("Quá hạn 4 ngày", "hạn gốc T2 01/06/2026", "Không có hạn", "1.204", "22/06 07:32", "73,08%"):
        assert text in page
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    ("number", "pages", "shown"), [(1, 1, []), (1, 3, "123"), (5, 31, ["1", "3", "4", "5", "6", "7", "31"])]
)
def test_the_pager_names_rows_and_near_pages(env: Environment, number: int, pages: int, shown: Any) -> None:
    page = Thing(number=number, pages=pages, first=1, last=50, total=1502, url=lambda n: f"?page={n}")
    drawn = draw(env, "{{ ui.pager(page) }}", page=page)
    assert "1–50 trong 1.502" in drawn
    assert re.findall(r'aria-label="Trang (\d+)"', drawn) == list(shown)


@pytest.mark.parametrize(
    ("file", "most"),
    [("css/app.css", 12_000), ("js/app.js", 4_000), ("js/uploads.js", 3_000), ("img/icons.svg", 6_000)],
)
def test_own_files_stay_small_enough_for_slow_lines(file: str, most: int) -> None:
    assert len(gzip.compress((ROOT / "static" / file).read_bytes())) <= most
