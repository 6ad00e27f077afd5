"""Uploads as people do them: limits at the door, offsets, completion, claims, expiry."""

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.upload_pieces import Checksum, RunningHashes
from core.desk.uploads.upload_refusals import (
    DiskFull,
    MoreThanDeclared,
    NetworkBusy,
    NoRoom,
    NoSuchUpload,
    NotComplete,
    PieceTooLarge,
    TooManyUploads,
    UploadElsewhere,
    UploadGone,
    UploadTooLarge,
    WrongChecksum,
    WrongOffset,
)
from core.desk.uploads.uploads import Holder, UploadArea
from core.rules.access import NotAllowed, Principal, Role, SessionOver
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.queries.uploads import Upload, UploadState
from tests.desk.contest_with_panel import NOW, SECRETARY, person
from tests.desk.entries.upload_desk import ANA, BEN, FILM, UploadDesk, small_area

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> UploadDesk:
    return UploadDesk(store, small_area(tmp_path))


class TestPieces:
    def test_pieces_make_the_file_byte_for_byte(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        after = upload
        for at in range(0, len(FILM), 70_000):
            after = desk.send(upload, at, FILM[at : at + 70_000])
        assert (after.state, after.sha256) == (UploadState.COMPLETE, hashlib.sha256(FILM).hexdigest())
        assert desk.area.path(upload.id).read_bytes() == FILM
        assert uploads.find(desk.store, ANA, upload.id, NOW) == after

    def test_bytes_beyond_the_row_are_written_again(self, desk: UploadDesk) -> None:
        """A server killed between the write and the row leaves a file that is longer than the row says."""
        upload = desk.begin()
        desk.send(upload, 0, FILM[:1000])
        with desk.area.path(upload.id).open("ab") as file:
            file.write(b"\xff" * 5000)
        desk.send(upload, 1000, FILM[1000:])
        assert desk.area.path(upload.id).read_bytes() == FILM

    def test_the_row_moves_only_after_the_bytes_are_on_the_disk(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload, seen = desk.begin(), list[int]()
        real = os.fdatasync

        def synced(handle: int) -> None:
            seen.append(desk.kept(upload))
            real(handle)

        monkeypatch.setattr(os, "fdatasync", synced)
        desk.send(upload, 0, FILM[:1000])
        assert seen == [0] and desk.kept(upload) == 1000

    def test_another_offset_is_refused_with_the_right_one(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        desk.send(upload, 0, FILM[:1000])
        for offset in (0, 999, 1001, len(FILM)):
            with pytest.raises(WrongOffset) as refused:
                desk.send(upload, offset, FILM[:16])
            assert refused.value.kept == 1000

    def test_of_two_writers_at_one_offset_one_is_counted(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file's lock keeps other processes out; without it the row still lets only one go on."""
        monkeypatch.setattr(fcntl, "flock", lambda *_: None)
        upload = desk.begin()
        pieces = [upload_pieces.start(desk.store, desk.area, ANA, upload.id, 0, NOW) for _ in range(4)]
        outcomes: list[str] = []

        def go(piece: upload_pieces.Piece) -> None:
            piece.write(FILM[:5000])
            try:
                piece.keep(NOW, lambda: False)
                outcomes.append("kept")
            except WrongOffset as refused:
                outcomes.append(str(refused.kept))

        threads = [threading.Thread(target=go, args=(piece,)) for piece in pieces]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        for piece in pieces:
            piece.close()
        assert sorted(outcomes) == ["5000", "5000", "5000", "kept"]

    def test_a_file_that_another_process_writes_is_left_to_it(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        piece = upload_pieces.start(desk.store, desk.area, ANA, upload.id, 0, NOW)
        with pytest.raises(UploadElsewhere):
            desk.send(upload, 0, FILM)
        piece.close()
        assert desk.send(upload, 0, FILM).state is UploadState.COMPLETE

    def test_a_piece_that_breaks_off_is_kept_unless_it_has_a_checksum(self, desk: UploadDesk) -> None:
        upload, checksum = desk.begin(), Checksum("sha256", hashlib.sha256(FILM).digest())
        assert desk.send(upload, 0, FILM[:1000], whole=False).kept_bytes == 1000
        assert desk.send(upload, 1000, FILM[1000:2000], whole=False, checksum=checksum).kept_bytes == 1000

    @pytest.mark.parametrize("algorithm", upload_pieces.CHECKSUMS)
    def test_a_wrong_checksum_keeps_nothing(self, desk: UploadDesk, algorithm: str) -> None:
        upload, right = desk.begin(), hashlib.new(algorithm, FILM[:1000]).digest()
        with pytest.raises(WrongChecksum):
            desk.send(upload, 0, FILM[:1000], checksum=Checksum(algorithm, right[::-1]))
        assert desk.kept(upload) == 0
        assert desk.send(upload, 0, FILM[:1000], checksum=Checksum(algorithm, right)).kept_bytes == 1000

    def test_more_than_declared_and_more_than_a_piece_are_refused(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = desk.begin(declared=2000)
        with pytest.raises(MoreThanDeclared):
            desk.send(upload, 0, FILM[:2001])
        monkeypatch.setattr(upload_pieces, "PIECE_BYTES", 1000)
        with pytest.raises(PieceTooLarge):
            desk.send(upload, 0, FILM[:1001])
        assert desk.send(upload, 0, FILM[:1000]).kept_bytes == 1000

    def test_a_full_disk_is_a_sentence_and_loses_nothing(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = desk.begin()
        desk.send(upload, 0, FILM[:1000])

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as disk:
            disk.setattr(os, "pwrite", full)
            with pytest.raises(DiskFull):
                desk.send(upload, 1000, FILM[1000:])
        with monkeypatch.context() as disk:
            disk.setattr(os, "fdatasync", full)
            with pytest.raises(DiskFull):
                desk.send(upload, 1000, FILM[1000:])
        assert desk.kept(upload) == 1000
        desk.send(upload, 1000, FILM[1000:])
        assert desk.area.path(upload.id).read_bytes() == FILM

    def test_a_server_that_stops_does_not_wait_for_the_hash(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = desk.begin()
        desk.send(upload, 0, FILM[:1000])
        monkeypatch.setattr(upload_pieces, "RUNNING", RunningHashes())
        piece = upload_pieces.start(desk.store, desk.area, ANA, upload.id, 1000, NOW)
        piece.write(FILM[1000:])
        with pytest.raises(UploadElsewhere):
            piece.keep(NOW, lambda: True)
        piece.close()
        assert desk.kept(upload) == 1000
        assert desk.send(upload, 1000, FILM[1000:]).state is UploadState.COMPLETE

    @pytest.mark.parametrize("restarted_at", [None, 1000, 2000])
    def test_the_hash_is_that_of_the_file_after_a_piece_that_was_not_kept_and_a_restart(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch, restarted_at: int | None
    ) -> None:
        upload = after = desk.begin()
        for at in (0, 1000, 2000):
            if at == restarted_at:
                monkeypatch.setattr(upload_pieces, "RUNNING", RunningHashes())
            with pytest.raises(WrongChecksum):
                desk.send(upload, at, FILM[at : at + 500], checksum=Checksum("sha1", b"x"))
            after = desk.send(upload, at, FILM[at : at + 1000] if at < 2000 else FILM[at:])
        assert after.sha256 == hashlib.sha256(desk.area.path(upload.id).read_bytes()).hexdigest()
        assert after.sha256 == hashlib.sha256(FILM).hexdigest()


class TestQuotas:
    @pytest.mark.parametrize("declared", [-1, 0, 15, (1 << 20) + 1])
    def test_a_film_is_neither_empty_nor_above_the_limit(self, desk: UploadDesk, declared: int) -> None:
        with pytest.raises(UploadTooLarge):
            desk.begin(declared=declared)

    def test_the_sixth_at_once_is_refused_but_an_idle_one_gives_way(self, desk: UploadDesk) -> None:
        first = desk.begin()
        desk.send(first, 0, FILM[:100])
        for minute in range(1, uploads.PER_HOLDER):
            desk.begin(at=NOW + timedelta(minutes=minute))
        desk.begin(BEN)
        with pytest.raises(TooManyUploads):
            desk.begin(at=NOW + timedelta(minutes=30))
        desk.begin(at=NOW + timedelta(minutes=61))
        assert desk.files() == set()
        with pytest.raises(NoSuchUpload):
            desk.kept(first, at=LATER)

    def test_complete_ones_count_and_do_not_give_way(self, desk: UploadDesk) -> None:
        for _ in range(uploads.PER_HOLDER):
            desk.complete()
        with pytest.raises(TooManyUploads):
            desk.begin(at=LATER)

    def test_one_network_has_so_many(self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "PER_NETWORK", 3)
        for number in range(3):
            desk.begin(Holder(f"submission:{number}", "10.0.0.9"))
        with pytest.raises(NetworkBusy):
            desk.begin(Holder("submission:3", "10.0.0.9"))
        desk.begin(Holder("submission:3", "10.0.0.8"))

    def test_what_is_promised_to_others_is_not_given_away(
        self, desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(UploadArea, "free_bytes", lambda _area: desk.area.reserve_bytes + 2 * len(FILM))
        first = desk.begin()
        desk.begin(BEN)
        with pytest.raises(NoRoom):
            desk.begin(BEN, declared=16)
        desk.send(first, 0, FILM[:16])
        desk.begin(BEN, declared=16)

    def test_the_free_bytes_are_those_of_the_disk(self, desk: UploadDesk) -> None:
        assert desk.area.free_bytes() > 0


class TestHolders:
    def test_another_holder_sees_nothing(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        for act in (
            lambda: desk.kept(upload, BEN),
            lambda: desk.send(upload, 0, FILM, holder=BEN),
            lambda: uploads.terminate(desk.store, desk.area, BEN, upload.id, NOW),
            lambda: desk.store.change(lambda transaction: uploads.claim(transaction, upload.id, BEN)),
        ):
            with pytest.raises(NoSuchUpload):
                act()
        assert desk.kept(upload) == 0

    def test_the_check_runs_in_each_transaction_that_writes(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        piece = upload_pieces.start(desk.store, desk.area, ended(), upload.id, 0, NOW)
        piece.write(FILM)
        for act in (
            lambda: piece.keep(NOW, lambda: False),
            lambda: desk.begin(ended()),
            lambda: uploads.terminate(desk.store, desk.area, ended(), upload.id, NOW),
        ):
            with pytest.raises(SessionOver):
                act()
        piece.close()
        assert desk.kept(upload) == 0

    def test_the_secretary_alone_holds_uploads_of_an_account(self, desk: UploadDesk) -> None:
        holder = uploads.account_holder(replace(SECRETARY, session=""), "10.0.0.1")
        assert holder.key == f"account:{SECRETARY.username}"
        desk.begin(holder)
        for role in set(Role) - {Role.SECRETARY}:
            with pytest.raises(NotAllowed):
                uploads.account_holder(person("x", role), "10.0.0.1")

    def test_a_role_that_was_lost_meanwhile_uploads_nothing(self, desk: UploadDesk) -> None:
        stale = Principal("nobody", "x", frozenset({Role.SECRETARY}), "a" * 64)
        with pytest.raises(NotAllowed):
            desk.begin(uploads.account_holder(stale, "10.0.0.1"))


def ended() -> Holder:
    def check(*_: object) -> None:
        raise SessionOver

    return replace(ANA, check=check)


class TestEnds:
    def test_a_claimed_upload_is_claimed_once_and_does_not_expire(self, desk: UploadDesk) -> None:
        upload = desk.complete()

        def claim(transaction: WriteTransaction) -> Upload:
            return uploads.claim(transaction, upload.id, ANA)

        assert desk.store.change(claim).sha256 == hashlib.sha256(FILM).hexdigest()
        with pytest.raises(NotComplete):
            desk.store.change(claim)
        assert uploads.sweep(desk.store, desk.area, NOW + 2 * uploads.LIFE) == 0
        assert desk.area.path(upload.id).read_bytes() == FILM
        with pytest.raises(NoSuchUpload):
            desk.kept(upload)
        uploads.discard(desk.store, desk.area, upload.id)
        assert desk.files() == set()

    def test_an_open_upload_cannot_be_claimed(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        with pytest.raises(NotComplete):
            desk.store.change(lambda transaction: uploads.claim(transaction, upload.id, ANA))

    def test_what_follows_a_complete_upload_is_in_its_transaction(self, desk: UploadDesk) -> None:
        followed: list[str | None] = []

        def refusing(_transaction: WriteTransaction, upload: Upload) -> None:
            followed.append(upload.sha256)
            raise Refusal("x")

        desk.area = replace(desk.area, completed=refusing)
        upload = desk.begin()
        with pytest.raises(Refusal):
            desk.send(upload, 0, FILM)
        assert set(followed) == {hashlib.sha256(FILM).hexdigest()} and desk.kept(upload) == 0

    def test_an_upload_expires_a_week_after_its_last_piece(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        desk.send(upload, 0, FILM[:100], at=LATER)
        just_before = LATER + uploads.LIFE - timedelta(seconds=1)
        assert desk.kept(upload, at=just_before) == 100
        for act in (
            lambda: desk.kept(upload, at=LATER + uploads.LIFE),
            lambda: desk.send(upload, 100, FILM[100:], at=LATER + uploads.LIFE),
        ):
            with pytest.raises(UploadGone):
                act()

    def test_the_sweep_removes_what_has_expired_and_what_no_row_names(self, desk: UploadDesk) -> None:
        old, whole = desk.begin(), desk.complete(BEN)
        desk.send(old, 0, FILM[:100])
        new = desk.begin(BEN, at=NOW + uploads.LIFE)
        desk.send(new, 0, FILM[:100], holder=BEN, at=NOW + uploads.LIFE)
        for name, age in (("stray.mp4", 2 * uploads.STRAY_S), ("young.mp4", 0)):
            desk.area.path(name.removesuffix(".mp4")).write_bytes(b"x")
            os.utime(desk.area.folder / name, (desk.area.folder.stat().st_mtime - age,) * 2)
        assert uploads.sweep(desk.store, desk.area, NOW + uploads.LIFE) == 3
        assert desk.files() == {f"{new.id}.mp4", "young.mp4"}
        for gone in (old, whole):
            with pytest.raises(NoSuchUpload):
                desk.kept(gone, Holder(gone.holder, gone.network))

    def test_a_sweep_before_the_first_upload_finds_nothing(self, desk: UploadDesk) -> None:
        assert uploads.sweep(desk.store, desk.area, NOW) == 0

    @pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"")])
    def test_a_lost_file_is_begun_again_from_the_start(self, desk: UploadDesk, lose: Callable[[Path], object]) -> None:
        """A restored backup has the rows of unfinished uploads, but not their files."""
        upload = desk.begin()
        desk.send(upload, 0, FILM[:100])
        lose(desk.area.path(upload.id))
        with pytest.raises(UploadGone):
            desk.send(upload, 100, FILM[100:])
        with pytest.raises(NoSuchUpload):
            desk.kept(upload)

    def test_a_terminated_upload_is_gone_with_its_file(self, desk: UploadDesk) -> None:
        upload = desk.begin()
        desk.send(upload, 0, FILM[:100])
        uploads.terminate(desk.store, desk.area, ANA, upload.id, NOW)
        assert desk.files() == set()
        with pytest.raises(NoSuchUpload):
            desk.kept(upload)
