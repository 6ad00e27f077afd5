"""The process's open database, the contest in it, and the clock."""

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
from core.rules.contest_file.reader import load_stored
from core.rules.words import Refusal, Sentence
from core.settings import BadSetting, Settings, settings, sqlite_url
from core.store.engine import Connection, Store, WriteTransaction
from core.store.migrate import Migration, OnMigration, open_database
from core.store.queries.contest_row import contest_row
from core.store.signing.signing_key import SigningKey

LOG = logging.getLogger("judging-desk.clock")
DATABASE_LOG = logging.getLogger("judging-desk.database")
CLOCK_SLACK_MS = 5_000  # a normal difference between the clocks of several processes: not logged
LOG_EVERY_S = 60.0
_open_lock = Lock()
_stores: list[Store] = []
_contests: "WeakKeyDictionary[Store, Contest]" = WeakKeyDictionary()


class NoContest(Refusal):
    """The database holds no contest yet."""

    def __init__(self) -> None:
        super().__init__("Chưa có cuộc thi nào. Người quản trị hãy chạy: python -m core init --contest TỆP.toml")


@dataclass(frozen=True, slots=True)
class ContestState:
    """The contest and the times of its phases, read in one transaction; None for a phase not reached."""

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

    Without `on_migration` a database of another schema is refused and not changed. With it (`migrate`) an older
    database is upgraded and `on_migration` is called. With `create` too (the server, `init`, `demo`) a missing database
    is created.
    Raises NoDatabase, BadSetting, CannotConnect, DatabaseUnavailable, or what `open_database` raises.
    """
    with _open_lock:
        if not _stores:
            opened = _open_store(settings(), create=create, on_migration=on_migration)
            opened.refresh_latest()
            _stores.append(opened)
        return _stores[0]


def _open_store(configured: Settings, *, create: bool, on_migration: OnMigration | None) -> Store:
    try:
        if create:
            configured.folder()
        opened = open_database(configured.database_url, create=create, on_migration=on_migration)
    except OSError as broken:
        facts = {"file": broken.filename, "why": broken.strerror}
        name = "DATA_DIR" if configured.database_url == sqlite_url(configured.data_dir / "desk.db") else "DATABASE_URL"
        raise BadSetting(name, Sentence("không mở được tệp {file} ({why})", facts)) from broken
    opened.signing_key = SigningKey(configured.signing_key)
    return opened


def log_migration(done: Migration) -> None:
    """Write one line to the server's log: the database was created or upgraded."""
    if done.before is None:
        DATABASE_LOG.info("database created at schema %s", done.after)
    else:
        DATABASE_LOG.info("database upgraded from schema %s to %s", done.before, done.after)


def now() -> datetime:
    """The current time in UTC, but never before the ledger's newest row, even if the clock was set back.

    So a window that has ended stays ended, and an expired session stays expired. A difference above CLOCK_SLACK_MS is
    logged.
    """
    at = datetime.now(UTC)
    newest = _stores[0].latest if _stores else 0
    behind = newest - millis(at)
    if behind <= 0:
        return at
    if behind > CLOCK_SLACK_MS:
        _jumps.log(behind)
    return datetime.fromtimestamp(newest / 1000, UTC)


def new_salt() -> str:
    """16 random bytes in hex."""
    return secrets.token_hex(16)


@dataclass(slots=True)
class _Jumps:
    """Logs that the clock was set back, at most once a minute."""

    last: float = -math.inf  # time.monotonic() of the last log line

    def log(self, behind_ms: int) -> None:
        if time.monotonic() - self.last >= LOG_EVERY_S:
            self.last = time.monotonic()
            LOG.warning(
                "the clock runs %d s behind the ledger's newest row: it was set back, or was ahead before; "
                "until it has caught up, time stands still at that row",
                behind_ms // 1000,
            )


_jumps = _Jumps()


def contest_state(store: Store) -> ContestState:
    """The contest and the times of its phases. Raises NoContest."""
    with store.read() as connection:
        return contest_state_in(connection)


def contest_state_in(connection: Connection) -> ContestState:
    """The same, read in the caller's transaction; changes decide on this. Raises NoContest."""
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
    """The contest in this database. It never changes after the opening, so it is cached. Raises NoContest."""
    cached = _contests.get(store)
    if cached is None:
        cached = _contests[store] = contest_state(store).contest
    return cached


def ledger_time(transaction: WriteTransaction, now: datetime) -> datetime:
    """`now`, or the time of the ledger's newest row if that is later; changes compare deadlines with it."""
    return datetime.fromtimestamp(transaction.not_before(millis(now)) / 1000, UTC)


def written_at(transaction: WriteTransaction, now: datetime) -> int:
    """The same in UTC milliseconds: the time a change stores in its tables, equal to its ledger row's."""
    return transaction.not_before(millis(now))


def moment(millis: int | None) -> datetime | None:
    """UTC milliseconds as an aware datetime in UTC; None stays None."""
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


@lru_cache(maxsize=64)
def millis(at: datetime) -> int:
    """A datetime as UTC milliseconds. Raises ValueError for a datetime without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return round(at.timestamp() * 1000)


@lru_cache(maxsize=4)
def _contest(_rule_card: str, toml: str) -> Contest:
    return load_stored(toml, "contest.toml")
