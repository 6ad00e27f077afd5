"""Screeners, and submissions that have a film, for the tests of the screening."""

from datetime import datetime
from typing import Any

from core.desk import context
from core.rules.access import Principal, Role
from core.rules.entries.screening import Judgement, Verdict
from core.rules.entries.states import SubmissionState
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import SubmissionFilmReceived
from core.store.queries import submissions
from tests.desk.contest_with_panel import NOW, SECRETARY, person

FIRST, SECOND, THIRD = (person(name, Role.SCREENER) for name in ("soi1", "soi2", "soi3"))
TWO = "\n[screening]\nscreeners = 2\n"
CHECKLIST = (
    '\n[screening]\n[[screening.items]]\nkey = "R08"\ntext = "Đúng chủ đề"\nclause = "III.4"\n'
    '[[screening.items]]\nkey = "R12"\ntext = "Nghe được"\n'
)


def said(verdict: Verdict, reason: str = "", points: int | None = None) -> Judgement:
    """A verdict without a checklist."""
    return Judgement(verdict, {}, reason, points)


ACCEPT = said(Verdict.ACCEPT)


def receive(store: Store, code: str, film: str = "a" * 64, now: datetime = NOW, by: Principal = SECRETARY) -> None:
    """Give the submission a film, as if its file had been checked."""

    def act(transaction: WriteTransaction) -> None:
        found = submissions.find(transaction.connection, code)
        assert found is not None
        at = context.written_at(transaction, now)
        facts: dict[str, Any] = {"milliseconds": 240_000, "width": 1280, "height": 720}
        payload = SubmissionFilmReceived(
            code, film, sent_at=at, late=True, reason=transaction.commit_text("Từ USB"), **facts
        )  # fmt: skip
        row = transaction.record(at=at, actor=by.username, payload=payload)
        values = {**facts, "film": film, "film_at": at, "late": 1, "state": SubmissionState.RECEIVED}
        submissions.change(transaction.connection, found, row.id, values | {"revision": found.revision + 1})

    store.change(act)
