"""Whatever stands in a grid, reading it ends, and no task holds words that the grid does not."""

from __future__ import annotations

from datetime import date

from files_to_read import HEADER, ISSUED, TODAY, calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.directives.reading.contents import read_content
from tracker.directives.reading.grids import Content, Grid, content_from

WORDS = st.sampled_from(
    [
        *(
            "",
            "",
            "1",
            "I",
            "1.1",
            "a)",
            "-",
            "- việc",
            "Nội dung",
            "NHÓM MỘT",
            "Sở A",
            "Như trên",
            "30/6/2026",
            "x\ny",
        ),
        *(
            "chủ trì",
            "Chủ trì",
            "Thời hạn",
            "STT",
            "việc dở",
            "Việc xong.",
            "Tổng cộng",
            "Ghi chú: x",
            "\n",
            "31/6/2026",
        ),
    ]
)
ROWS = st.lists(st.lists(WORDS, max_size=7), max_size=12)
MERGES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 7), st.integers(0, 4), st.integers(0, 4)).map(
        lambda m: (m[0], m[1], m[0] + m[2], m[1] + m[3])
    ),
    max_size=5,
)
GRIDS = st.lists(
    st.builds(
        Grid,
        place=st.just("Bảng"),
        rows=ROWS,
        merges=MERGES,
        above=st.lists(WORDS, max_size=2),
        flows=st.booleans(),
        wrapped=st.booleans(),
    ),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(GRIDS, st.booleans())
def test_reading_ends_and_invents_nothing(grids: list[Grid], headed: bool) -> None:
    if headed and grids:
        grids[0].rows.insert(0, list(HEADER))
    there = {word for grid in grids for row in grid.rows for cell in row for word in cell.split()}
    said = read_content(Content(grids=grids), calendar(), today=TODAY, issued=ISSUED)
    for task in said.tasks:
        assert set(task.content.split()) <= there
        assert set(task.lead.split()) <= there
        assert task.source.rows
        assert (task.kind == "date") == isinstance(task.due, date)
        assert task.as_json()["content"] == task.content


@given(GRIDS)
def test_content_crosses_to_another_process_unchanged(grids: list[Grid]) -> None:
    content = Content(grids=grids, lines=["dòng"], remarks=["lưu ý"], pictures=1)
    assert content_from(content.as_json()) == content
