"""One log line for each act that was committed, for whoever keeps the machine: who did what to which work or account.

Logger `judging-desk.acts`, level INFO. It holds no mark and no reason. Drafts, notes and films opened are left out: there are
thousands an hour. Sign-ins have lines of their own (`judging-desk.security`). People stand in it by their usernames.
"""

import logging
from collections.abc import Iterable, Mapping

from core.store.events import EVENTS, decode
from core.store.ledger import Row

LOG = logging.getLogger("judging-desk.acts")
SUBJECTS = ("account", "judge", "entry", "prize", "decision", "file")  # the payload's fields a line may hold


def write(rows: Iterable[Row], usernames: Mapping[str, str]) -> None:
    """Log these ledger rows; `usernames` by the pseudonyms that the rows name people by."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    for row in rows:
        if not EVENTS[row.event].logged:
            continue
        payload = decode(row)
        facts = {name: getattr(payload, name, None) for name in SUBJECTS}
        about = " ".join(
            f"{name}={usernames.get(str(value), value)}" for name, value in facts.items() if value is not None
        )
        LOG.info("#%d %s %s %s", row.id, usernames.get(row.actor, row.actor), row.event, about)
