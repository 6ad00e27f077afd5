"""The office's correction of a form; of a finalist it is a proposal, which another person confirms (DECISIONS 90)."""

from dataclasses import replace
from datetime import datetime

from core.desk import authorization, stored_forms
from core.desk.entries import submissions
from core.desk.entries.submissions import Read
from core.desk.finals import finalist_changes
from core.desk.finals.finalist_changes import NewProposal
from core.rules.access import Principal
from core.rules.entries.form import SubmissionForm
from core.rules.entries.states import FinalistChange
from core.rules.permissions import may_register_works
from core.store.engine import Store, WriteTransaction
from core.store.finals import draws
from core.store.queries import submissions as rows


def correct(store: Store, who: Principal, read: Read, form: SubmissionForm, reason: str, now: datetime) -> None:
    """Correct a form for its author, or propose it if the submission is a finalist; what was agreed stays agreed.

    Raises what `submissions.office_correct` raises, or for a finalist what `finalist_changes.propose` raises.
    """
    with store.read() as connection:
        found = rows.find(connection, read.code)
        code = draws.judging_code(connection, found.id) if found is not None else None
    if found is None or code is None:
        submissions.office_correct(store, who, read, form, reason, now)
        return
    agreed = stored_forms.decode(found.form).terms
    new = NewProposal(code, FinalistChange.CORRECT, read.version, reason, replace(form, terms=agreed))

    def act(transaction: WriteTransaction) -> None:
        finalist_changes.add(transaction, who, new, now)

    authorization.change(store, who, may_register_works, now, act)
