"""Keeping the contest safe: verify, back up, restore, limit the role that serves it. For whoever holds the machine."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from core.desk.conduct import conduct_of
from core.desk.house import NoContest
from core.desk.text_files import NoSuchFile
from core.rules.contest_file import stored
from core.rules.rule_card import fingerprint
from core.rules.words import Refusal, Sentence
from core.settings import Settings
from core.store import backup as copies
from core.store.circumstances import contest_row
from core.store.engine import Store, connect
from core.store.grants import FilesHaveOwners, give
from core.store.migrate import migrate
from core.store.verify import Connection, Verdict
from core.store.verify import verify as checked

_HASH = re.compile(r"[0-9a-f]{8,64}")


class DoesNotVerify(Refusal):
    """The database is not as it was written."""

    def __init__(self, first: Sentence, more: int) -> None:
        super().__init__("Kiểm tra thấy sai: {first} (và {more} lỗi khác).", first=first, more=more)


class AnotherHead(Refusal):
    """What was restored is whole, but it is not the backup that was asked for."""

    def __init__(self, head: str) -> None:
        super().__init__(
            "Bản vừa khôi phục có mã sổ cái {head}, khác với mã được yêu cầu; đừng dùng cơ sở dữ liệu này.", head=head
        )


class TooLittleNoted(Refusal):
    """What was noted down is no hash, or so little of one that some row would bear it by chance."""

    def __init__(self, noted: str) -> None:
        super().__init__(
            "“{noted}” không phải là mã sổ cái; cần ít nhất 8 chữ số đầu của mã, gồm 0–9 và a–f.", noted=noted[:80]
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that verifies: how long its ledger is and the hash of its last row."""

    rows: int
    head: str


def of_a_contest(store: Store) -> None:
    """Raises NoContest: where nothing lies, nothing is verified or kept, however well that would go."""
    with store.read() as connection:
        if contest_row(connection) is None:
            raise NoContest


def verify(store: Store, noted: str | None = None) -> Verdict:
    """Everything found wrong with the database: the chain, the tables against the ledger, the invariants.

    `noted`: a ledger hash written down earlier, or its beginning (as a judge's receipt has it), which the ledger must
    still hold.
    """
    beginning = None if noted is None else _beginning(noted)
    with store.read() as connection:
        return _verdict(connection, beginning)


def backup(store: Store, path: Path) -> Kept:
    """Copy the database to a new file that verifies; what has been confirmed to anybody before this began is in it."""
    kept: list[Kept] = []
    copies.keep(store, path, lambda connection: kept.append(_good(connection)))
    return kept[0]


def restore(path: Path, settings: Settings, head: str | None) -> Kept:
    """Put a backup back where no database lies, bring it forward and verify it, to `head` where one is asked for."""
    beginning = "" if head is None else _beginning(head)
    if not path.is_file():
        raise NoSuchFile(path)
    store = copies.put_back(path, settings.database_url)
    try:
        migrate(store)
        with store.read() as connection:
            kept = _good(connection)
    finally:
        store.close()
    if not kept.head.startswith(beginning):
        raise AnotherHead(kept.head)
    return kept


def grant(role: str, settings: Settings) -> None:
    """As the owner of the database: bring it forward, and let a role of PostgreSQL do what the desk does, no more.

    Raises FilesHaveOwners, and what `give` raises.
    """
    if settings.database_url.startswith("sqlite"):
        raise FilesHaveOwners
    store = connect(settings.database_url)
    try:
        migrate(store)
        give(store, role)
    finally:
        store.close()


def _beginning(noted: str) -> str:
    """The digits of a hash that somebody noted, as printed whole or as a receipt parts them: 7f3a-91c2."""
    digits = noted.strip().lower().replace("-", "")
    if not _HASH.fullmatch(digits):
        raise TooLittleNoted(noted)
    return digits


def _verdict(connection: Connection, noted: str | None = None) -> Verdict:
    row, criteria = contest_row(connection), tuple[str, ...]()
    broken: list[Sentence] = []
    try:
        contest = stored(row.toml, "contest.toml") if row else None
    except Refusal as refused:
        contest, broken = None, [refused.sentence]
    if row and contest:
        criteria = tuple(str(criterion.key) for criterion in contest.criteria)
        if fingerprint(contest) != row.rule_card:
            broken = [Sentence("Thể lệ không còn là thể lệ mang mã đã ghi.")]
    verdict = checked(connection, criteria, noted, conduct=conduct_of(contest) if contest else None)
    return replace(verdict, findings=(*verdict.findings, *broken))


def _good(connection: Connection) -> Kept:
    verdict = _verdict(connection)
    if verdict.findings:
        raise DoesNotVerify(verdict.findings[0], len(verdict.findings) - 1)
    return Kept(verdict.rows, verdict.head.hex())
