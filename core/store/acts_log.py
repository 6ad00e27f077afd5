"""One log line for each act that was committed, for whoever keeps the machine: who did what to which work or account.

Logger `judging-desk.acts`, level INFO. It holds no mark and no reason. Drafts, notes and films opened are left out: there are
thousands an hour. Sign-ins have lines of their own (`judging-desk.security`).
"""

import json
import logging
from collections.abc import Iterable

from core.store.ledger import Row

LOG = logging.getLogger("judging-desk.acts")
LEFT_OUT = ("sheet.drafted", "note.added", "note.removed", "film.opened")
SUBJECTS = ("username", "judge", "entry", "prize", "decision", "file")  # the payload's fields a line may hold


def write(rows: Iterable[Row]) -> None:
    """Log these ledger rows."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    for row in rows:
        if row.event in LEFT_OUT or row.event.startswith("session."):
            continue
        payload = json.loads(row.payload)
        about = " ".join(f"{name}={payload[name]}" for name in SUBJECTS if name in payload)
        LOG.info("#%d %s %s %s", row.seq, row.actor, row.event, about)
