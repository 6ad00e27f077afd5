"""The published result as anybody may read it: the published document, and what was taken back before it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from core.desk import context
from core.desk.context import moment
from core.desk.noted_hash import noted_hash
from core.papers import document_text
from core.papers.document import AwardDocument as AwardDocument  # noqa: PLC0414  # for the page
from core.papers.document import AwardRow as AwardRow  # noqa: PLC0414
from core.papers.document import Section as Section  # noqa: PLC0414
from core.papers.document import StandingRow as StandingRow  # noqa: PLC0414
from core.store import ledger, ledger_rows
from core.store import publications as rows
from core.store.engine import Connection, Store
from core.store.signing import checkpoints
from core.store.signing.signed_notes import origin_of, verifier_key


@dataclass(frozen=True, slots=True)
class Retracted:
    """An earlier publication that was taken back."""

    published_at: datetime
    retracted_at: datetime


@dataclass(frozen=True, slots=True)
class PublicResult:
    """What anybody may read now. `document` None: nothing is published, and only `contest` and `retracted` say anything."""

    contest: str
    document: AwardDocument | None
    published_at: datetime | None
    retracted: tuple[Retracted, ...]  # oldest first; visible ever after
    mark: str = ""  # of the newest checkpoint, "187:7f3a91c208d45be1"
    key: str = ""  # that signed it: a C2SP verifier key


def public_result(store: Store) -> PublicResult:
    """The published result. Raises NoContest, PublishedAltered."""
    with store.read() as connection:
        contest = context.contest_state_in(connection).contest
        mark, key = _signed(connection, str(contest.key))
        found, standing = rows.publications(connection), rows.standing(connection)
        text = rows.checked_text(connection, standing.id) if standing is not None else ""
    taken_back = tuple(
        Retracted(_at(each.at), _at(each.retracted_at)) for each in found if each.retracted_at is not None
    )
    if standing is None:
        return PublicResult(contest.name, None, None, taken_back)
    return PublicResult(contest.name, _parsed(text), _at(standing.at), taken_back, mark, key)


def _signed(connection: Connection, contest: str) -> tuple[str, str]:
    """The mark of the newest checkpoint and the key that signed it; empty texts where nothing is signed yet."""
    row = ledger_rows.head_before(connection, checkpoints.newest(connection) + 1)
    key = checkpoints.recorded_key(connection)
    if not row.seq or key is None:
        return "", ""
    return ledger.mark(row.seq, row.hash), verifier_key(origin_of(contest), bytes.fromhex(key))


def is_public(store: Store) -> bool:
    """True while a published result stands. False too where no contest is open."""
    with store.read() as connection:
        return rows.standing(connection) is not None


def has_mark(store: Store, mark: str) -> bool:
    """Whether the result chain has the row, with the hash, that a paper's printed mark names.

    Raises TooLittleNoted if the text is no mark.
    """
    noted = noted_hash(mark[:200])
    with store.read() as connection:
        row = ledger_rows.head_before(connection, noted.row + 1) if noted.row else None
    return row is not None and row.seq == noted.row and row.hash.hex().startswith(noted.digits)


@lru_cache(maxsize=2)
def _parsed(text: str) -> AwardDocument:
    return document_text.read(text)


def _at(milliseconds: int) -> datetime:
    at = moment(milliseconds)
    assert at is not None
    return at
