"""The rules for ledger rows about submissions: by whom, inside which window, and from which state."""

from collections.abc import Iterator
from datetime import UTC, datetime

from core.desk.maintenance.conduct_rules import NOT_ALLOWED, Case, Rule
from core.rules import permissions
from core.rules.entries import screening
from core.rules.entries.author_window import author_in_time
from core.rules.entries.film_rules import FILM_RULES
from core.rules.entries.states import MOVES, OPEN_STATES, Move, SubmissionState
from core.rules.words import Sentence
from core.store.ledger import SYSTEM
from core.store.replay.state import Fields, person

OUT_OF_WINDOW = Sentence("đơn {submission}: việc này được ghi ngoài thời gian nhận tác phẩm ({event})")
NOT_SCREENED = Sentence("đơn {submission}: đánh giá của người sơ loại không dẫn đến kết quả này ({event})")
OTHER_REVISION = Sentence("đơn {submission}: đánh giá không phải về đơn và phim khi đó ({event})")
SCREENED_TWICE = Sentence("đơn {submission}: người này đã đánh giá hoặc đã rút khỏi tác phẩm ({event})")
OTHER_FILM = Sentence("đơn {submission}: ảnh bìa không phải của phim khi đó ({event})")
WRONG_MOVE = Sentence("đơn {submission} không ở trạng thái cho phép việc này ({event})")


def by_office_or_author(case: Case) -> Iterator[Sentence]:
    """Rule: the office acted, or the author by the private link, which no account's name stands for."""
    by_author = getattr(case.payload, "by_author", False)
    if by_author != (case.row.actor == SYSTEM) or not (by_author or permissions.may_register_works(case.who)):
        yield NOT_ALLOWED


def in_time(case: Case) -> Iterator[Sentence]:
    """Rule: the author acted inside the window; the office took nothing outside it as if it were in time."""
    late = getattr(case.payload, "late", None)
    found = case.state["submission"].get((case.payload.submission,))
    state = SubmissionState(found["state"]) if found else None
    sent_at = getattr(case.payload, "sent_at", case.row.at)
    sent = datetime.fromtimestamp(sent_at / 1000, UTC)
    inside = author_in_time(case.contest, state, sent)
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


def present_film(case: Case) -> Iterator[Sentence]:
    """Rule: it is about the film that the submission had then."""
    found = case.state["submission"].get((case.payload.submission,))
    if found is None or found["film"] != case.payload.film:
        yield _about(OTHER_FILM, case)


def moved(move: Move) -> Rule:
    """Rule: the submission's state allowed this move."""

    def rule(case: Case) -> Iterator[Sentence]:
        found = case.state["submission"].get((case.payload.submission,))
        if found is None or found["state"] not in MOVES[move].sources:
            yield _about(WRONG_MOVE, case)

    return rule


def returned(case: Case) -> Iterator[Sentence]:
    """Rule: the office returned the work, or the screeners' verdicts did."""
    if case.payload.by_screeners:
        yield from screened(Move.RETURN)(case)
    elif not permissions.may_register_works(case.who):
        yield NOT_ALLOWED


def screened(move: Move) -> Rule:
    """Rule: a screener's verdict led to this move, together with the other verdicts about this revision."""

    def rule(case: Case) -> Iterator[Sentence]:
        if not permissions.may_screen(case.who):
            yield NOT_ALLOWED
        outcome = screening.outcome(_verdicts(case), case.contest.screening)
        if outcome is None or outcome.move is not move:
            yield _about(NOT_SCREENED, case)

    return rule


def verdict(case: Case) -> Iterator[Sentence]:
    """Rule: the screener gave their own and only verdict about the film and the revision as they were."""
    found, payload = case.state["submission"].get((case.payload.submission,)), case.payload
    if not permissions.may_screen(case.who) or person(case.row.actor) != person(payload.screener):
        yield NOT_ALLOWED
    if found is None or found["state"] != SubmissionState.RECEIVED:
        yield _about(WRONG_MOVE, case)
    elif (payload.film, payload.revision) != (found["film"], found["revision"]):
        yield _about(OTHER_REVISION, case)
    screener = person(payload.screener)
    if (payload.submission, screener) in case.state["screening_recusal"]:
        yield _about(SCREENED_TWICE, case)
    if any(each["screener"] == screener for each in _about_revision(case, payload.revision)):
        yield _about(SCREENED_TWICE, case)


def screener_recused(case: Case) -> Iterator[Sentence]:
    """Rule: screeners recuse themselves."""
    if not permissions.may_screen(case.who) or person(case.row.actor) != person(case.payload.screener):
        yield NOT_ALLOWED


def _about_revision(case: Case, revision: int) -> list[Fields]:
    stored = sorted(case.state["screening_verdict"].items())
    return [each for _, each in stored if (each["submission"], each["revision"]) == (case.payload.submission, revision)]


def _verdicts(case: Case) -> list[screening.Judgement]:
    found = case.state["submission"].get((case.payload.submission,), {"revision": 0})
    return [
        screening.Judgement(screening.Verdict(each["verdict"]), {}, "", each["points"])
        for each in _about_revision(case, found["revision"])
    ]


def _about(sentence: Sentence, case: Case) -> Sentence:
    return Sentence(sentence.text, {"submission": case.payload.submission})
