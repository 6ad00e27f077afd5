"""The rules for ledger rows about submissions: by whom, inside which window, and from which state."""

from collections.abc import Iterator
from datetime import UTC, datetime

from core.desk.maintenance.conduct_rules import NOT_ALLOWED, Case, Rule
from core.rules import permissions
from core.rules.entries.film_rules import FILM_RULES
from core.rules.entries.states import MOVES, OPEN_STATES, Move
from core.rules.words import Sentence
from core.store.ledger import SYSTEM

OUT_OF_WINDOW = Sentence("đơn {submission}: việc này được ghi ngoài thời gian nhận tác phẩm ({event})")
WRONG_MOVE = Sentence("đơn {submission} không ở trạng thái cho phép việc này ({event})")


def by_office_or_author(case: Case) -> Iterator[Sentence]:
    """Rule: the office acted, or the author by the private link, which no account's name stands for."""
    by_author = getattr(case.payload, "by_author", False)
    if by_author != (case.row.actor == SYSTEM) or not (by_author or permissions.may_register_works(case.who)):
        yield NOT_ALLOWED


def in_time(case: Case) -> Iterator[Sentence]:
    """Rule: the author acted inside the window; the office took nothing outside it as if it were in time."""
    phases, late = case.contest.phases, getattr(case.payload, "late", None)
    sent_at = getattr(case.payload, "sent_at", case.row.at)
    sent = datetime.fromtimestamp(sent_at / 1000, UTC)
    inside = phases is None or phases.submission.holds(sent)
    if (not inside and (case.payload.by_author or late is False)) or sent_at > case.row.at:
        yield _about(OUT_OF_WINDOW, case)


def still_open(case: Case) -> Iterator[Sentence]:
    """Rule: the submission could be corrected."""
    found = case.state["submission"].get((case.payload.submission,))
    if found is None or found["state"] not in OPEN_STATES:
        yield _about(WRONG_MOVE, case)


def past_rules(case: Case) -> Iterator[Sentence]:
    """Rule: only the office takes a film past rules of the check, and only past those that it may override."""
    past = case.payload.past_rules
    known = {rule.value for rule, facts in FILM_RULES.items() if facts.office_may_override}
    if past and (case.payload.by_author or not case.payload.reason or not known.issuperset(past)):
        yield NOT_ALLOWED


def moved(move: Move) -> Rule:
    """Rule: the submission's state allowed this move."""

    def rule(case: Case) -> Iterator[Sentence]:
        found = case.state["submission"].get((case.payload.submission,))
        if found is None or found["state"] not in MOVES[move].sources:
            yield _about(WRONG_MOVE, case)

    return rule


def _about(sentence: Sentence, case: Case) -> Sentence:
    return Sentence(sentence.text, {"submission": case.payload.submission})
