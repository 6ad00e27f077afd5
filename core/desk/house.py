"""The house: the open database, the contest it holds, and the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from core.rules.contest import Contest
from core.rules.contest_file import load
from core.rules.words import Refusal, Sentence
from core.settings import BadSetting, Settings, settings, sqlite_url
from core.store.circumstances import contest_row
from core.store.engine import Store
from core.store.migrate import open_database

_opening = Lock()
_open: list[Store] = []
_known: "WeakKeyDictionary[Store, Contest]" = WeakKeyDictionary()


class NoContest(Refusal):
    """The database holds no contest yet."""

    def __init__(self) -> None:
        super().__init__("Chưa có cuộc thi nào. Người quản trị hãy chạy: python -m core init --contest TỆP.toml")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The contest and how far it has come, read at one moment."""

    contest: Contest
    rule_card: str
    seed: str
    is_demo: bool
    frozen_at: datetime | None
    judging_closed_at: datetime | None
    interactions_frozen_at: datetime | None
    awards_confirmed_at: datetime | None
    published_at: datetime | None


def store(*, create: bool = False) -> Store:
    """The database of this process, opened and brought up to date at first use.

    With `create` (the server, `init` and `demo`) it is made where there is none. Without, NoDatabase says where it was
    looked for, and nothing is made. Raises BadSetting, CannotConnect, DatabaseUnavailable, or what `migrate` raises.
    """
    with _opening:
        if not _open:
            _open.append(_opened(settings(), create=create))
        return _open[0]


def _opened(told: Settings, *, create: bool) -> Store:
    try:
        if create:
            told.folder()
        return open_database(told.database_url, create=create)
    except OSError as broken:
        facts = {"file": broken.filename, "why": broken.strerror}
        name = "DATA_DIR" if told.database_url == sqlite_url(told.data_dir / "desk.db") else "DATABASE_URL"
        raise BadSetting(name, Sentence("không mở được tệp {file} ({why})", facts)) from broken


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def circumstances(store: Store) -> Circumstances:
    """The contest with the facts of its phases. Raises NoContest."""
    with store.read() as connection:
        row = contest_row(connection)
    if row is None:
        raise NoContest
    return Circumstances(
        contest=_contest(row.rule_card, row.toml),
        rule_card=row.rule_card,
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
        known = _known[store] = circumstances(store).contest
    return known


def moment(millis: int | None) -> datetime | None:
    """UTC milliseconds as a moment."""
    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


def millis(at: datetime) -> int:
    """A moment as UTC milliseconds; a moment without a time zone is refused."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return round(at.timestamp() * 1000)


@lru_cache(maxsize=4)
def _contest(_rule_card: str, toml: str) -> Contest:
    return load(toml, "contest.toml")
