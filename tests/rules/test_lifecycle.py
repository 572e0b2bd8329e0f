"""States and moves: what may follow what, and how a refusal sounds."""

from __future__ import annotations

import pytest

from tracker.errors import Refused
from tracker.rules.lifecycle import (
    CLOSED,
    COUNTED,
    EXCLUDED,
    LABELS,
    NEEDS_DOCUMENT,
    NEEDS_REASON,
    OPEN,
    Kind,
    Move,
    State,
    after,
    moves_from,
)

# The table of domain.md b.1, retold as the states that each state may go to.
MAY_GO_TO = {
    State.DRAFT: {State.ASSIGNED},
    State.ASSIGNED: {
        State.RECEIVED,
        State.IN_PROGRESS,
        State.TRANSFERRED,
        State.DECLINED,
        State.SUSPENDED,
        State.CANCELLED,
    },
    State.RECEIVED: {
        State.IN_PROGRESS,
        State.SUBMITTED,
        State.DECLINED,
        State.SUSPENDED,
        State.CANCELLED,
    },
    State.IN_PROGRESS: {
        State.IN_PROGRESS,
        State.SUBMITTED,
        State.SUSPENDED,
        State.TRANSFERRED,
        State.CANCELLED,
    },
    State.SUBMITTED: {State.COMPLETED, State.IN_PROGRESS},
    State.COMPLETED: {State.IN_PROGRESS},
    State.DECLINED: {State.ASSIGNED, State.TRANSFERRED, State.CANCELLED},
    State.SUSPENDED: {State.IN_PROGRESS, State.CANCELLED},
    State.TRANSFERRED: set(),
    State.CANCELLED: set(),
}


@pytest.mark.parametrize("state", State)
def test_each_state_leads_exactly_where_the_law_says(state):
    assert {after(state, move) for move in moves_from(state)} == MAY_GO_TO[state]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_is_either_offered_or_refused_in_words(state, move):
    if move in moves_from(state):
        assert isinstance(after(state, move), State)
        return
    with pytest.raises(Refused) as refusal:
        after(state, move)
    assert f"«{LABELS[state]}»" in refusal.value.sentence
    assert f"«{LABELS[move]}»" in refusal.value.sentence
    assert refusal.value.code == "move_not_allowed"


def test_every_state_is_open_closed_excluded_or_a_draft():
    assert sorted([*OPEN, *CLOSED, *EXCLUDED, State.DRAFT]) == sorted(State)


def test_everything_has_a_label_and_no_two_share_a_key():
    named = [*State, *Move, *Kind]
    assert len({str(each) for each in named}) == len(named) == len(LABELS)
    assert all(LABELS[each] for each in named)


def test_whatever_cites_a_document_also_gives_a_reason():
    assert NEEDS_DOCUMENT < NEEDS_REASON


def test_leaving_the_count_always_cites_a_document():
    leaving = {move for state in State for move in moves_from(state) if after(state, move) in EXCLUDED}
    assert leaving <= NEEDS_DOCUMENT


def test_standing_duties_are_not_counted():
    assert set(Kind) - COUNTED == {Kind.STANDING}
