"""The bundle of evidence of the published result, and the proof of one row (docs/evidence.md)."""

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

    Raises NotPublished.
    """
    with store.read() as connection:
        contest, checkpoints = _published(connection)
        last = ledger_rows.head_before(connection, checkpoints[-1].rows + 1)
        target = folder / f"chung-cu-{contest.contest.key}-{last.seq}-{last.hash.hex()[:16]}.zip"
        if not target.exists():
            evidence_files.write_zip(_files(connection, (contest, checkpoints)), target)
    return target


def proof(store: Store, row: int) -> bytes:
    """The proof that the newest checkpoint covers this row of the result chain, for `verify.py --proof`.

    Raises NotPublished, NoSuchRow.
    """
    with store.read() as connection:
        newest = _published(connection)[1][-1]
        if not 1 <= row <= newest.rows:
            raise NoSuchRow(row, newest.rows)
        leaves, text = list[bytes](), ""
        for each in ledger_rows.result_rows(connection, newest.rows):
            leaves.append(each.hash)
            text = each.text if each.seq == row else text
    return evidence_files.proof(text, inclusion_path(leaves, row - 1), newest.note)


Published = tuple[ContestState, tuple[StoredCheckpoint, ...]]


def _published(connection: Connection) -> Published:
    """The contest and its checkpoints. Raises NotPublished, also where an earlier release published and signed nothing."""
    contest, checkpoints = context.contest_state_in(connection), all_checkpoints(connection)
    if contest.published_at is None or not checkpoints:
        raise NotPublished
    return contest, checkpoints


def _files(connection: Connection, published: Published) -> Files:
    """The files of the bundle. The rows are read from the database while they are written."""
    state, checkpoints = published
    contest, key = state.contest, recorded_key(connection)
    assert key is not None, "a signed checkpoint follows the key"
    made = Evidence(
        contest=contest.key,
        rule_card=card.canonical(contest, state.rule_card_version),
        notes={each.rows: each.note for each in checkpoints},
        key=verifier_key(origin_of(contest.key), bytes.fromhex(key)),
        document=publications.publications(connection)[-1].text,
    )
    return evidence_files.files(made, ledger_rows.result_rows(connection, made.rows))
