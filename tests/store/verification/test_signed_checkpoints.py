"""`verify` checks every signed checkpoint: each planted fault has its own sentence."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.desk import interactions, rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import millis
from core.desk.maintenance import operations
from core.rules.words import Locale
from core.store import ledger_rows
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.ledger import Chain
from core.store.signing import signed_notes
from core.store.signing.checkpoints import StoredCheckpoint, all_checkpoints
from core.store.signing.signing_key import SigningKey
from tests.desk.contest_with_panel import CHANNEL, CHIEF, NOW, assigned_panel
from tests.fixtures.forged_rows import forged
from tests.serving.databases import owner_transaction
from tests.store.rewriting import rewritten
from tests.store.verification.test_verify import Undone, altered, findings

AT = millis(NOW)
ORIGIN = signed_notes.origin_of("thu")


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest whose round was closed and whose interactions were frozen: two checkpoints."""
    assigned_panel(store)
    rounds.close(store, Reauthenticated(CHIEF), "Không ai chấm.", NOW)
    interactions.freeze(store, CHANNEL, NOW + timedelta(days=30))
    return store


def checkpoints_of(store: Store) -> tuple[StoredCheckpoint, ...]:
    with store.read() as connection:
        return all_checkpoints(connection)


def found(store: Store, *changes: str | sa.Executable) -> list[str]:
    """What `verify` finds after these changes, which are rolled back."""
    said: list[str] = []
    with suppress(Undone), owner_transaction(store) as connection:
        altered(connection, *changes)
        said = [finding.localize(Locale()) for finding in operations._verdict(connection).findings]
        raise Undone
    return said


def noted(last: StoredCheckpoint, note: str) -> sa.Executable:
    return t.checkpoint.update().where(t.checkpoint.c.rows == last.rows).values(note=note)


def test_what_the_desk_signed_verifies(desk: Store) -> None:
    assert findings(desk) == []
    closing, freeze = checkpoints_of(desk)
    assert (closing.occasion, freeze.occasion) == ("closing", "freeze")
    with desk.read() as connection:
        rows = list(ledger_rows.rows(connection, chain=Chain.RESULT))
    assert [row.event for row in rows if row.event == "signing_key.recorded"] == ["signing_key.recorded"]
    for each in (closing, freeze):
        root = signed_notes.merkle_root([row.hash for row in rows[: each.rows]])
        public = signed_notes.public_bytes(desk.signing_key.private())
        assert signed_notes.check_checkpoint(each.note, public) == signed_notes.Checkpoint(ORIGIN, each.rows, root)
        assert rows[each.rows - 1].event == "checkpoint.made"
        assert rows[each.rows - 1].at == each.made_at


def test_each_changed_note_is_named(desk: Store) -> None:
    last = checkpoints_of(desk)[-1]
    private, root = desk.signing_key.private(), signed_notes.read_checkpoint(last.note).root
    sign, where = signed_notes.signed_checkpoint, f"Bản ký của điểm kiểm tra ở dòng {last.rows}: "
    planted = {
        last.note + "\n": "không viết đúng khuôn",
        last.note.replace(f"\n{last.rows}\n", f"\n{last.rows - 1}\n"): "chữ ký không đúng với nội dung và khóa đã ghi",
        sign(ORIGIN, last.rows, root, Ed25519PrivateKey.generate()): "mang khóa khác với khóa đã ghi trong sổ kết quả",
        sign(ORIGIN, last.rows, bytes(32), private): "sổ kết quả khác với lúc ký, đã bị sửa hoặc viết lại",
        sign(ORIGIN, 3, root, private): "nói về 3 dòng",
        sign(ORIGIN + "x", last.rows, root, private): f"mang tên {ORIGIN}x, không phải của cuộc thi này",
    }
    assert {note: found(desk, noted(last, note)) for note in planted} == {
        note: [f"{where}{what}."] for note, what in planted.items()
    }
    assert findings(desk) == []


def test_a_missing_and_an_added_note_are_named(desk: Store) -> None:
    last = checkpoints_of(desk)[-1]
    what = f"Bản ký của điểm kiểm tra ở dòng {last.rows}"
    assert found(desk, t.checkpoint.delete().where(t.checkpoint.c.rows == last.rows)) == [
        f"{what}: sổ cái có ghi mà cơ sở dữ liệu không còn."
    ]
    added = t.checkpoint.insert().values(rows=3, made_at=0, occasion="paper", note=last.note)
    assert found(desk, added) == ["Bản ký của điểm kiểm tra ở dòng 3: có trong cơ sở dữ liệu mà sổ cái không ghi."]
    assert found(desk, "update checkpoint set occasion = 'paper'")[0].endswith(": khác với sổ cái (occasion).")


def test_a_rewritten_history_does_not_fit_the_notes(desk: Store) -> None:
    """The chain and the tables are made to fit, the notes cannot be without the key."""
    last = checkpoints_of(desk)[-1]
    with owner_transaction(desk) as connection:
        number = next(row.id for row in list(ledger_rows.rows(connection)) if row.event == "judging.closed")
        altered(connection, lambda: rewritten(connection, number, lambda told: told.update(missing=1)))
    said = findings(desk)
    assert f"Bản ký của điểm kiểm tra ở dòng {last.rows}: sổ kết quả khác với lúc ký, đã bị sửa hoặc viết lại." in said


def forged_version_1(store: Store) -> int:
    """Append a checkpoint of a release that signed nothing. Returns its number in the result chain."""

    def act(transaction: WriteTransaction) -> int:
        head = transaction.heads.audit
        told = {"rows": head.seq, "head": head.hash.hex()}
        return forged(transaction, at=AT, actor="system", event="checkpoint.made", payload=told, version=1).seq

    return store.change(act)


def test_a_checkpoint_cannot_pass_as_one_of_a_release_that_signed_nothing(desk: Store) -> None:
    seq = forged_version_1(desk)
    assert findings(desk) == [f"Bản ký của điểm kiểm tra ở dòng {seq}: sổ cái có ghi mà cơ sở dữ liệu không còn."]


def test_before_the_first_key_nothing_is_signed(store: Store) -> None:
    """A database of an earlier release has checkpoints without notes; the first new one records the key."""
    assigned_panel(store)
    forged_version_1(store)
    assert findings(store) == []
    store.change(lambda transaction: checkpoint(transaction, AT, Occasion.FREEZE))
    assert findings(store) == []
    assert len(checkpoints_of(store)) == 1


def test_a_note_under_no_key_is_named(store: Store) -> None:
    assigned_panel(store)
    store.change(lambda transaction: checkpoint(transaction, AT, Occasion.FREEZE))
    last = checkpoints_of(store)[-1]
    renamed = "update ledger set event = 'awards.exported' where event = 'signing_key.recorded'"
    assert f"Bản ký của điểm kiểm tra ở dòng {last.rows}: sổ kết quả chưa ghi khóa nào để ký." in found(store, renamed)


def test_a_key_that_was_lost_is_replaced_and_recorded(store: Store, tmp_path: Path) -> None:
    """The award night goes on: each checkpoint is checked by the key that held at its row."""
    assigned_panel(store)
    store.signing_key = SigningKey(tmp_path / "signing.key")
    for lost in (False, False, True):
        if lost:
            (tmp_path / "signing.key").unlink()
        store.change(lambda transaction: checkpoint(transaction, AT, Occasion.CONFIRMATION))
    with store.read() as connection:
        recorded = [row.seq for row in ledger_rows.rows(connection) if row.event == "signing_key.recorded"]
    assert [each.rows for each in checkpoints_of(store)] == [recorded[0] + 1, recorded[0] + 2, recorded[1] + 1]
    assert findings(store) == []


def run(store: Store, statement: sa.Executable) -> None:
    """Run the statement as the desk would."""
    store.change(lambda transaction: transaction.connection.execute(statement))


def test_the_database_takes_only_notes_about_the_whole_chain(desk: Store) -> None:
    last = checkpoints_of(desk)[-1]
    for rows in (last.rows, last.rows - 1, last.rows + 1):
        with pytest.raises(sa.exc.DBAPIError):
            run(desk, t.checkpoint.insert().values(rows=rows, made_at=0, occasion="x", note="x"))
    for change in (t.checkpoint.delete(), t.checkpoint.update().values(note="x")):
        with pytest.raises(sa.exc.DBAPIError):
            run(desk, change)
    assert findings(desk) == []
