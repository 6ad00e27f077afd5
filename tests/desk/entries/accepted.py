"""Submissions with a film that a screener has accepted, for the tests of the final round."""

import hashlib
from typing import Any

from core.desk import context
from core.desk.screening import verdicts
from core.rules.access import Role
from core.rules.entries.form import Author
from core.rules.entries.screening import Answer, Judgement, Verdict
from core.rules.entries.states import SubmissionState
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import SubmissionFilmReceived
from core.store.people import accounts
from core.store.queries import submissions as rows
from tests.desk.contest_with_panel import joined, person
from tests.desk.entries.entered import OFFICE, OPEN, enter

NAMES = ("An", "Bình", "Chung", "Dương", "Giang", "Hùng", "Khoa")
SCREENER = person("soat", Role.SCREENER)


def film_hash(code: str) -> str:
    """The SHA-256 of the film that `received` gives this submission."""
    return hashlib.sha256(code.encode()).hexdigest()


def received(store: Store, code: str, film: str | None = None) -> None:
    """Give a submission a film, by its hash; the film itself is nowhere."""

    def act(transaction: WriteTransaction) -> None:
        found, sent_at = rows.find(transaction.connection, code), context.millis(OPEN)
        assert found is not None
        facts: dict[str, Any] = {
            "film": film or film_hash(code), "milliseconds": 240_000, "width": 1280, "height": 720, "poster": f"{code}.jpg",
        }  # fmt: skip
        payload = SubmissionFilmReceived(
            code, **facts, sent_at=sent_at, late=False, reason=transaction.commit_text("Gửi đĩa")
        )  # fmt: skip
        row = transaction.record(at=context.written_at(transaction, OPEN), actor=OFFICE.username, payload=payload)
        state = {"film_at": sent_at, "state": SubmissionState.RECEIVED, "revision": found.revision + 1}
        rows.change(transaction.connection, found, row.id, facts | state)

    store.change(act)


def accepted(store: Store, *codes: str) -> None:
    """Let the screener accept submissions with a film; every item of the checklist is met."""
    with store.read() as connection:
        known = {each.username for each in accounts.all_accounts(connection)}
        revisions = {each.code: each.revision for each in rows.every(connection)}
    if SCREENER.username not in known:
        joined(store, SCREENER)
    said = Judgement(
        Verdict.ACCEPT, {item.key: Answer.YES for item in context.contest(store).screening.items}, "", None
    )
    for code in codes:
        verdicts.give(store, SCREENER, code, revisions[code], said, OPEN)


def accepted_works(store: Store, count: int = 3) -> list[str]:
    """Enter so many works, each by another author, and let them pass the screening; returns their codes."""
    codes = []
    for number in range(1, count + 1):
        author = Author(f"Quàng Văn {NAMES[number % len(NAMES)]}", f"{1970 + number}-01-02", f"09876543{number:02}")
        codes.append(enter(store, f"a{number}", title=f"Phim {number}", authors=(author,)).code)
        received(store, codes[-1])
    accepted(store, *codes)
    return codes
