"""The bundle of evidence of the published result, and the proof of one row (docs/evidence.md)."""

from dataclasses import dataclass
from pathlib import Path

from core.desk import context
from core.desk.awards import evidence_files
from core.desk.awards.evidence_files import Evidence, Files
from core.desk.awards.publication import NotPublished
from core.desk.context import ContestState
from core.rules.rule_card import card
from core.rules.words import Refusal
from core.store import ledger_rows, publications
from core.store.engine import Connection, Store
from core.store.signing.checkpoints import StoredCheckpoint, all_checkpoints, recorded_key
from core.store.signing.signed_notes import inclusion_path, origin_of, verifier_key


class NoSuchRow(Refusal):
    """No checkpoint covers a row of this number."""

    def __init__(self, row: int, rows: int) -> None:
        super().__init__("Không có dòng {row}: điểm chốt mới nhất gồm {rows} dòng.", row=row, rows=rows)


class FolderExists(Refusal):
    """A bundle is written into a new folder only."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Thư mục {folder} đã có; hãy chọn một thư mục mới.", folder=folder)


class NotWritten(Refusal):
    """The bundle could not be written: the disk is full, or the folder takes no files."""

    def __init__(self, why: str) -> None:
        super().__init__("Chưa ghi được gói chứng cứ ({why}); hãy báo người vận hành máy chủ.", why=why)


def write(store: Store, target: Path) -> Path:
    """Write the bundle of the newest checkpoint: a ZIP if the name ends in ".zip", else a new folder.

    Raises NotPublished, FolderExists.
    """
    with store.read() as connection:
        made = _files(connection, _published(connection))
        if target.suffix.lower() == ".zip":
            evidence_files.write_zip(made, target)
        else:
            try:
                evidence_files.write_folder(made, target)
            except FileExistsError:
                raise FolderExists(target) from None
    return target


def archive(store: Store, folder: Path) -> Path:
    """The bundle of the newest checkpoint as a ZIP in `folder`, made once. The name has the checkpoint's printed mark.

    Raises NotPublished, NotWritten.
    """
    with store.read() as connection:
        published = _published(connection)
        last = ledger_rows.head_before(connection, published.checkpoints[-1].rows + 1)
        target = folder / f"chung-cu-{published.state.contest.key}-{last.seq}-{last.hash.hex()[:16]}.zip"
        try:
            if not target.exists():
                evidence_files.write_zip(_files(connection, published), target)
                evidence_files.remove_older(folder, target)
        except OSError as failed:
            raise NotWritten(failed.strerror or "") from failed
    return target


def proof(store: Store, row: int) -> bytes:
    """The proof that the newest checkpoint covers this row of the result chain, for `verify.py --proof`.

    Raises NotPublished, NoSuchRow.
    """
    with store.read() as connection:
        newest = _published(connection).checkpoints[-1]
        if not 1 <= row <= newest.rows:
            raise NoSuchRow(row, newest.rows)
        leaves, text = list[bytes](), ""
        for each in ledger_rows.result_rows(connection, newest.rows):
            leaves.append(each.hash)
            text = each.text if each.seq == row else text
    return evidence_files.proof(text, inclusion_path(leaves, row - 1), newest.note)


@dataclass(frozen=True, slots=True)
class Published:
    """A published contest: its state, its checkpoints, and the text of the published document."""

    state: ContestState
    checkpoints: tuple[StoredCheckpoint, ...]
    document: str


def _published(connection: Connection) -> Published:
    """The published contest. Raises NotPublished, also where an earlier release published and signed nothing."""
    contest, checkpoints = context.contest_state_in(connection), all_checkpoints(connection)
    standing = publications.standing(connection)
    if standing is None or not checkpoints:
        raise NotPublished
    return Published(contest, checkpoints, publications.checked_text(connection, standing.id))


def _files(connection: Connection, published: Published) -> Files:
    """The files of the bundle. The rows are read from the database while they are written."""
    contest, key = published.state.contest, recorded_key(connection)
    assert key is not None, "a signed checkpoint follows the key"
    made = Evidence(
        contest=contest.key,
        rule_card=card.canonical(contest, published.state.rule_card_version),
        notes={each.rows: each.note for each in published.checkpoints},
        key=verifier_key(origin_of(contest.key), bytes.fromhex(key)),
        document=published.document,
    )
    return evidence_files.files(made, ledger_rows.result_rows(connection, made.rows))
