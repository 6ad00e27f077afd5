"""Forms and people for the tests of submissions: a good form, strangers with their links, and the office."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from core.desk.entries.registration import EntryReceipt, Stranger, register_online
from core.rules.entries.form import Author, SubmissionForm
from core.rules.entries.terms import CURRENT
from core.store.engine import Store
from tests.desk.contest_with_panel import SECRETARY

OPEN = datetime(2024, 7, 1, 3, 0, tzinfo=UTC)  # inside the window for entering works
LATE = datetime(2024, 8, 1, 3, 0, tzinfo=UTC)
OFFICE = SECRETARY
AGREED = tuple((key, term.version) for key, term in CURRENT.items())
FORM = SubmissionForm(
    title="Chợ phiên số", form="Tiểu phẩm", summary="Bán mận qua mạng", category="Nhân dân", link="live",
    unit="Xã Chiềng Xôm", group="", authors=(Author("Lò Thị Thuỷ", "1990-03-15", "0912345678"),), terms=AGREED,
)  # fmt: skip


def secret(name: str) -> str:
    """The secret of this person's private link, as a browser makes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode().rstrip("=")


def enter(store: Store, name: str = "thuy", now: datetime = OPEN, **changes: object) -> EntryReceipt:
    """Enter a work on the public page, from a network of its own."""
    return register_online(store, Stranger(secret(name), f"net {name}"), replace(FORM, **changes), now)  # type: ignore[arg-type]
