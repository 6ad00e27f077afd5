"""Records in the ledger who opened which film: once for each session, however many range requests a player sends."""

from datetime import datetime
from threading import Lock

from core.desk.context import written_at
from core.rules.access import Principal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import FilmOpened

REMEMBERED = 50_000  # pairs (session, work) held in memory; when full, the set is emptied
Opening = tuple[str, str]


class FilmAccessLog:
    """The openings recorded by this process. A restarted process records a session's next opening again."""

    def __init__(self) -> None:
        self._written: set[Opening] = set()
        self._lock = Lock()

    def note(self, store: Store, who: Principal, code: str, now: datetime) -> None:
        """Record that this person opened this film, unless it is known to be recorded for this session."""
        opening = (who.session, code)
        with self._lock:
            if opening in self._written:
                return
            if len(self._written) >= REMEMBERED:
                self._written.clear()
            self._written.add(opening)

        def act(transaction: WriteTransaction) -> None:
            transaction.record(at=written_at(transaction, now), actor=who.username, payload=FilmOpened(code))

        try:
            store.change(act)
        except BaseException:
            self._written.discard(opening)
            raise
