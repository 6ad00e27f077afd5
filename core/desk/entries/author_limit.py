"""R07: how many works an author or a group has entered, beside the works that compete (plan III.3)."""

from core.desk import stored_forms
from core.rules.contest import Contest
from core.rules.entries.author_limits import AuthoredWork, LimitFinding, past_limits
from core.rules.entries.form import SubmissionForm
from core.rules.words import Refusal
from core.store.engine import Connection
from core.store.queries import submissions


class TooManyOfAuthor(Refusal):
    """The author or the group has entered as many works as the plan allows."""

    def __init__(self, finding: LimitFinding) -> None:
        super().__init__(finding.sentence.text, **finding.sentence.facts)


def findings(connection: Connection, contest: Contest, code: str, form: SubmissionForm) -> tuple[LimitFinding, ...]:
    """The limits that this form passes beside the other competing submissions; `code`: its own, empty for a new one."""
    others = submissions.competing_forms(connection).items()
    works = [AuthoredWork(other, stored_forms.people(text)) for other, text in others]
    return past_limits(works, AuthoredWork(code, form.people), contest.entries.max_per_author)


def check(connection: Connection, contest: Contest, code: str, form: SubmissionForm) -> None:
    """Raise TooManyOfAuthor where this would be one work too many of the author or the group."""
    for finding in findings(connection, contest, code, form):
        if finding.refused:
            raise TooManyOfAuthor(finding)
