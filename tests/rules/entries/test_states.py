"""The table of moves: who may make which, from which state, with what reason."""

from itertools import product
from pathlib import Path

import pytest

from core.rules.entries.states import (
    MOVER_NAMES,
    MOVES,
    STATE_NAMES,
    Move,
    Mover,
    NeedsReason,
    NotTheirs,
    SubmissionState,
    WrongState,
    allowed,
    target,
)

EVERY = tuple(product(Move, SubmissionState, Mover))


def test_every_state_move_and_mover_has_one_name() -> None:
    assert set(STATE_NAMES) == set(SubmissionState) and set(MOVES) == set(Move) and set(MOVER_NAMES) == set(Mover)
    for names in (STATE_NAMES.values(), MOVER_NAMES.values(), [rule.title for rule in MOVES.values()]):
        assert len({name.text for name in names}) == len(names)


@pytest.mark.parametrize("move, state, mover", EVERY)
def test_what_is_allowed_is_done_and_nothing_else(move: Move, state: SubmissionState, mover: Mover) -> None:
    rule = MOVES[move]
    if mover not in rule.movers:
        with pytest.raises(NotTheirs):
            target(move, state, mover, "lý do", has_film=True)
    elif state not in rule.sources:
        with pytest.raises(WrongState):
            target(move, state, mover, "lý do", has_film=True)
    else:
        assert target(move, state, mover, "lý do", has_film=True) is rule.target
    assert (move in allowed(state, mover)) == (mover in rule.movers and state in rule.sources)


def test_every_state_is_reached_and_can_be_left() -> None:
    reached = {rule.target for rule in MOVES.values()} | {SubmissionState.AWAITING_FILM}
    left = {state for rule in MOVES.values() for state in rule.sources}
    assert reached == left == set(SubmissionState)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_the_office_gives_a_reason(reason: str) -> None:
    with pytest.raises(NeedsReason):
        target(Move.WITHDRAW, SubmissionState.RECEIVED, Mover.OFFICE, reason, has_film=True)
    assert target(Move.WITHDRAW, SubmissionState.RECEIVED, Mover.AUTHOR, reason, has_film=True)


def test_a_work_without_a_film_waits_for_one_again() -> None:
    states = [
        target(Move.REINSTATE, SubmissionState.WITHDRAWN, Mover.OFFICE, "xin lại", has_film=film)
        for film in (True, False)
    ]
    assert states == [SubmissionState.RECEIVED, SubmissionState.AWAITING_FILM]


def test_the_document_has_the_table() -> None:
    page = Path("docs/contest-rules.md").read_text(encoding="utf-8")
    head = "| move | from | to | by | reason from | plan |\n|---|---|---|---|---|---|\n"
    written = page.partition(head)[2].partition("\n\n")[0].splitlines()
    assert written == [
        f"| {rule.title.text} | {', '.join(STATE_NAMES[each].text for each in rule.sources)} | {STATE_NAMES[rule.target].text} "
        f"| {', '.join(MOVER_NAMES[each].text for each in rule.movers)} "
        f"| {', '.join(MOVER_NAMES[each].text for each in rule.needs_reason)} | {rule.clause} |"
        for rule in MOVES.values()
    ]
