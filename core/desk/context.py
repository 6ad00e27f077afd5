"""The house: the open database, the contest it holds, and the clock."""

import logging
import math
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from core.rules.contest import Contest
from core.rules.contest_file.reader import stored
from core.rules.words import Refusal, Sentence
from core.settings import BadSetting, Settings, settings, sqlite_url
from core.store.engine import Connection, Store, WriteTransaction
from core.store.migrate import Migration, OnMigration, open_database
from core.store.queries.contest_row import contest_row

LOG = logging.getLogger("judging-desk.clock")
DATABASE_LOG = logging.getLogger("judging-desk.database")
CLOCK_SLACK_MS = 5_000  # several processes' clocks differ by so much without anybody's doing
TOLD_EVERY_S = 60.0
_opening = Lock()
_open: list[Store] = []
_known: "WeakKeyDictionary[Store, Contest]" = WeakKeyDictionary()


class NoContest(Refusal):
    """The database holds no contest yet."""

    def __init__(self) -> None:
        super().__init__("Chưa có cuộc thi nào. Người quản trị hãy chạy: python -m core init --contest TỆP.toml")


@dataclass(frozen=True, slots=True)
class ContestState:
    """The contest and how far it has come, read at one moment."""

    contest: Contest
    rule_card: str
    rule_card_version: int
    seed: str
    is_demo: bool
    frozen_at: datetime | None
    judging_closed_at: datetime | None
    interactions_frozen_at: datetime | None
    awards_confirmed_at: datetime | None
    published_at: datetime | None


def store(*, create: bool = False, on_migration: OnMigration | None = None) -> Store:
    """The database of this process, opened at first use.

    Without `on_migration` a database of another schema is refused, and nothing changes in it. With it (`migrate`) an older
    one is upgraded, and `on_migration` is told. With `create` too (the server, `init`, `demo`) it is made where there is none.
    Raises NoDatabase, BadSetting, CannotConnect, DatabaseUnavailable, or what `open_database` raises.
    """
    with _opening:
        if not _open:
            opened = _opened(settings(), create=create, on_migration=on_migration)
            opened.look()
            _open.append(opened)
        return _open[0]


def _opened(told: Settings, *, create: bool, on_migration: OnMigration | None) -> Store:
    try:
        if create:
            told.folder()
        return open_database(told.database_url, create=create, on_migration=on_migration)
    except OSError as broken:
        facts = {"file": broken.filename, "why": broken.strerror}
        name = "DATA_DIR" if told.database_url == sqlite_url(told.data_dir / "desk.db") else "DATABASE_URL"
        raise BadSetting(name, Sentence("không mở được tệp {file} ({why})", facts)) from broken


def log_migration(done: Migration) -> None:
    """One line in the log of the server."""
    if done.before is None:
        DATABASE_LOG.info("database created at schema %s", done.after)
    else:
        DATABASE_LOG.info("database upgraded from schema %s to %s", done.before, done.after)


def now() -> datetime:
    """This moment in UTC; where the clock was set back behind the ledger's newest row, that row's time.

    A window that was over stays over, and an expired session stays expired. The jump is logged.
    """
    at = datetime.now(UTC)
    newest = _open[0].latest if _open else 0
    behind = newest - millis(at)
    if behind <= 0:
        return at
    if behind > CLOCK_SLACK_MS:
        _jumps.tell(behind)
    return datetime.fromtimestamp(newest / 1000, UTC)


def new_salt() -> str:
    """16 bytes of chance in hex."""
    return secrets.token_hex(16)


@dataclass(slots=True)
class _Jumps:
    """The clock's jumps, logged once a minute at most."""

    last: float = -math.inf  # of the process's own clock, which nobody sets

    def tell(self, behind_ms: int) -> None:
        if time.monotonic() - self.last >= TOLD_EVERY_S:
            self.last = time.monotonic()
            LOG.warning(
                "the clock runs %d s behind the ledger's newest row: it was set back, or was ahead before; "
                "until it has caught up, time stands still at that row",
                behind_ms // 1000,
            )


_jumps = _Jumps()


def contest_state(store: Store) -> ContestState:
    """The contest with the facts of its phases. Raises NoContest."""
    with store.read() as connection:
        return contest_state_in(connection)


def contest_state_in(connection: Connection) -> ContestState:
    """The same, as this transaction sees it: what a change decides on. Raises NoContest."""
    row = contest_row(connection)
    if row is None:
        raise NoContest
    return ContestState(
        contest=_contest(row.rule_card, row.toml),
        rule_card=row.rule_card,
        rule_card_version=row.rule_card_version,
        seed=row.seed,
        is_demo=row.is_demo,
        frozen_at=moment(row.frozen_at),
        judging_closed_at=moment(row.judging_closed_at),
        interactions_frozen_at=moment(row.interactions_frozen_at),
        awards_confirmed_at=moment(row.awards_confirmed_at),
        published_at=moment(row.published_at),
    )


def contest(store: Store) -> Contest:
    """The contest this database holds: written once, at its opening, so read once. Raises NoContest."""
    known = _known.get(store)
    if known is None:
        known = _known[store] = contest_state(store).contest
    return known


def ledger_time(unit: WriteTransaction, now: datetime) -> datetime:
    """This moment, or the ledger's last where the clock was set back: what a change decides by."""
    return datetime.fromtimestamp(unit.not_before(millis(now)) / 1000, UTC)


def written_at(unit: WriteTransaction, now: datetime) -> int:
    """The same in UTC milliseconds: what a change writes as its time, equal to its ledger row's."""
    return unit.not_before(millis(now))


def moment(millis: int | None) -> datetime | None:
    """UTC milliseconds as a moment."""
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


@lru_cache(maxsize=64)
def millis(at: datetime) -> int:
    """A moment as UTC milliseconds; a moment without a time zone is refused."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return round(at.timestamp() * 1000)


@lru_cache(maxsize=4)
def _contest(_rule_card: str, toml: str) -> Contest:
    return stored(toml, "contest.toml")
