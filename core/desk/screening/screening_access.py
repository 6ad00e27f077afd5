"""Which submissions a screener screens, read in the caller's transaction."""

from dataclasses import dataclass

from core.desk.matching import match_decisions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.screening import Answer, Judgement, Verdict, screeners_needed
from core.rules.entries.states import SubmissionState
from core.rules.words import Refusal
from core.store.engine import Connection
from core.store.queries import screening as rows
from core.store.queries.screening import VerdictRow
from core.store.queries.submissions import Submission

SCREENED = (
    SubmissionState.RECEIVED, SubmissionState.RETURNED, SubmissionState.ACCEPTED, SubmissionState.REJECTED,
    SubmissionState.FINALIST,
)  # fmt: skip


class NotYours(Refusal):
    """The screener is recused from the work, or may be its author; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("Tác phẩm này không dành cho bạn sơ loại.")


@dataclass(frozen=True, slots=True)
class Screener:
    """What a screener does not screen: recused submissions by id, and works of which they may be an author by code."""

    username: str
    recused: frozenset[int]
    own: frozenset[str]

    def may_screen(self, submission: Submission) -> bool:
        """Whether the screener may see and screen this submission."""
        return submission.id not in self.recused and submission.code not in self.own


def screener(connection: Connection, who: Principal) -> Screener:
    """What this person does not screen."""
    own = {code for code, username in match_decisions.accounts_of_authors(connection) if username == who.username}
    return Screener(who.username, frozenset(rows.recused_from(connection, who.username)), frozenset(own))


def blind(contest: Contest) -> bool:
    """Whether the jury or the screeners see no author, so that a picture that names one matters."""
    return contest.screening.blind or contest.judging.blind


def judgement(row: VerdictRow) -> Judgement:
    """A stored verdict as the rules compare it."""
    answers = {key: Answer(answer) for key, answer in row.answers.items()}
    return Judgement(Verdict(row.verdict), answers, row.reason, row.points, row.names_author)


def of_revision(given: list[VerdictRow], submission: Submission) -> list[VerdictRow]:
    """The verdicts about the submission's form and film as they are now, in the order they were given."""
    return [each for each in given if (each.submission_id, each.revision) == (submission.id, submission.revision)]


def waits_for(who: Screener, submission: Submission, given: list[VerdictRow], contest: Contest) -> bool:
    """Whether the submission waits for this screener's verdict. `given`: the verdicts about its revision."""
    open_now = submission.state is SubmissionState.RECEIVED and submission.film is not None
    theirs = any(each.screener == who.username for each in given)
    needed = screeners_needed([judgement(each) for each in given], contest.screening)
    return open_now and not theirs and needed > 0 and who.may_screen(submission)
