"""Films opened: the ledger says who opened which work, once for each session, however often a player asks for a piece."""

from datetime import datetime
from threading import Lock

from core.desk.context import written_at
from core.rules.access import Principal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import FilmOpened

REMEMBERED = 50_000  # sessions and works this process knows to be written; then it begins anew
Opening = tuple[str, str]


class FilmAccessLog:
    """What this process has written already. A process that starts anew writes a session's next opening again."""

    def __init__(self) -> None:
        self._written: set[Opening] = set()
        self._turn = Lock()

    def note(self, store: Store, who: Principal, code: str, now: datetime) -> None:
        """Write down that this person opened this film, unless it was written in this session."""
        opening = (who.session, code)
        with self._turn:
            if opening in self._written:
                return
            if len(self._written) >= REMEMBERED:
                self._written.clear()
            self._written.add(opening)

        def act(unit: WriteTransaction) -> None:
            unit.record(at=written_at(unit, now), actor=who.username, payload=FilmOpened(code))

        try:
            store.change(act)
        except BaseException:
            self._written.discard(opening)
            raise
