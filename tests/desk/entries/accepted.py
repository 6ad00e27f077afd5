"""Submissions with a film that have passed the screening, for the tests of the final round.

There is no verdict of screeners yet: `acceptance` registers an event that stands for one, while a test runs.
"""

import hashlib
from typing import Any

import pytest

from core.desk import context
from core.desk.maintenance.conduct import RULES
from core.rules.entries.form import Author
from core.rules.entries.states import SubmissionState
from core.rules.words import Sentence
from core.store import events
from core.store.engine import Store, WriteTransaction
from core.store.events import Event, Touches
from core.store.events.payloads import Payload, SubmissionFilmReceived
from core.store.ledger import Chain, Row
from core.store.queries import submissions as rows
from core.store.replay import submissions as replay
from core.store.replay.events import ACTS
from core.store.replay.state import State
from tests.desk.entries.entered import OFFICE, OPEN, enter

NAMES = ("An", "Bình", "Chung", "Dương", "Giang", "Hùng", "Khoa")


class Accepted(Payload, frozen=True):
    """Stands for the verdict of the screeners."""

    submission: str


ACCEPTED = Event("submission.accepted_in_test", Chain.AUDIT, Accepted, Sentence("Đạt sơ loại"), Touches.NOTHING)


@pytest.fixture
def acceptance(monkeypatch: pytest.MonkeyPatch) -> None:
    """`accepted` can be used, and `verify` knows the event."""
    register(monkeypatch)


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the event until the test ends."""

    def act(state: State, payload: Accepted, row: Row) -> None:
        replay._changed(state, payload.submission, row, state=SubmissionState.ACCEPTED)

    monkeypatch.setitem(events.EVENTS, ACCEPTED.name, ACCEPTED)
    known: dict[type[Payload], Event] = {**events._BY_PAYLOAD, Accepted: ACCEPTED}
    monkeypatch.setattr(events, "_BY_PAYLOAD", known)
    monkeypatch.setitem(ACTS, ACCEPTED.name, act)
    monkeypatch.setitem(RULES, ACCEPTED.name, lambda _case: iter(()))


def film_hash(code: str) -> str:
    """The SHA-256 of the film that `received` gives this submission."""
    return hashlib.sha256(code.encode()).hexdigest()


def received(store: Store, code: str, film: str | None = None) -> None:
    """Give a submission a film, by its hash; the film itself is nowhere."""

    def act(transaction: WriteTransaction) -> None:
        found, sent_at = rows.find(transaction.connection, code), context.millis(OPEN)
        assert found is not None
        facts: dict[str, Any] = {
            "film": film or film_hash(code),
            "milliseconds": 240_000,
            "width": 1280,
            "height": 720,
            "poster": f"{code}.jpg",
        }
        payload = SubmissionFilmReceived(
            code, **facts, sent_at=sent_at, late=False, reason=transaction.commit_text("Gửi đĩa")
        )  # fmt: skip
        row = transaction.record(at=context.written_at(transaction, OPEN), actor=OFFICE.username, payload=payload)
        rows.change(
            transaction.connection, found, row.id, {**facts, "film_at": sent_at, "state": SubmissionState.RECEIVED}
        )

    store.change(act)


def accepted(store: Store, *codes: str) -> None:
    """Let submissions with a film pass the screening."""

    def act(transaction: WriteTransaction) -> None:
        for code in codes:
            found = rows.find(transaction.connection, code)
            assert found is not None
            at = context.written_at(transaction, OPEN)
            row = transaction.record(at=at, actor=OFFICE.username, payload=Accepted(code))
            rows.change(transaction.connection, found, row.id, {"state": SubmissionState.ACCEPTED})

    store.change(act)


def accepted_works(store: Store, count: int = 3) -> list[str]:
    """Enter so many works, each by another author, and let them pass the screening; returns their codes."""
    codes = []
    for number in range(1, count + 1):
        author = Author(f"Quàng Văn {NAMES[number % len(NAMES)]}", f"{1970 + number}-01-02", f"09876543{number:02}")
        codes.append(enter(store, f"a{number}", title=f"Phim {number}", authors=(author,)).code)
        received(store, codes[-1])
    accepted(store, *codes)
    return codes
