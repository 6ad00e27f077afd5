"""Writes one log line for each committed act, for the server's operator: who did what to which work or account.

Logger `judging-desk.acts`, level INFO. No line holds a mark or a reason. Drafts, notes and opened films are not
logged: there are thousands an hour. Sign-ins are logged elsewhere (`judging-desk.security`). People appear by username.
"""

import logging
from collections.abc import Iterable, Mapping

from core.store.events import EVENTS, decode, subjects
from core.store.ledger import Row

LOG = logging.getLogger("judging-desk.acts")


def write(rows: Iterable[Row], usernames: Mapping[str, str]) -> None:
    """Log these ledger rows. `usernames` maps pseudonym to username; a pseudonym not in it is logged as it is."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    for row in rows:
        if not EVENTS[row.event].logged:
            continue
        facts = subjects(decode(row))
        about = " ".join(f"{name}={usernames.get(value, value)}" for name, value in facts.items())
        LOG.info("#%d %s %s %s", row.id, usernames.get(row.actor, row.actor), row.event, about)
