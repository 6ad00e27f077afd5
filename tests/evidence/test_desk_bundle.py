"""The desk's bundle of a contest that was judged by its own functions; the command; the sample in the repository."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from core import cli
from core.desk import context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import evidence, evidence_files, publication
from core.desk.awards.evidence import FolderExists, NoSuchRow, NotWritten
from core.desk.awards.publication import NotPublished
from core.desk.maintenance import operations
from core.store.engine import Store
from tests.desk.contest_with_panel import assigned_panel
from tests.evidence.sample import COMMITTEE, MEETING, SECOND, played
from tests.evidence.verifier import FILE, answer

SAMPLE = Path(__file__).parents[1] / "golden" / "evidence-v1"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder; the test's own holds its database."""
    made = tmp_path / "evidence"
    made.mkdir()
    return made


def taken_back(store: Store) -> None:
    number = publication.state(store, COMMITTEE).publications[-1].number
    proposal = publication.propose_retraction(store, COMMITTEE, number, "Sai.", MEETING)
    publication.retract(store, Reauthenticated(SECOND), proposal, "", MEETING)


def test_a_contest_of_the_desk_is_right_in_a_folder_and_in_a_zip(store: Store, tmp_path: Path) -> None:
    played(store)
    folder = evidence.write(store, tmp_path / "made" / "here")
    sentence, status = answer(folder)
    assert status == 0 and "4 tác phẩm và 3 giải" in sentence
    made = evidence.archive(store, tmp_path / "evidence")
    assert answer(made) == (sentence, 0)
    told = json.loads((folder / "bundle.json").read_text())
    mark = sentence.partition("dấu cuối ")[2].partition(",")[0]
    assert made.name == f"chung-cu-thu-{mark.replace(':', '-')}.zip" and mark.startswith(f"{told['rows']}:")
    assert answer(made, "--printed", mark)[1] == 0
    assert operations.verify(store).findings == ()
    with pytest.raises(FolderExists):
        evidence.write(store, folder)
    assert evidence.write(store, tmp_path / "a.zip").read_bytes() == made.read_bytes()


def test_an_archive_is_made_once_for_each_checkpoint(
    sqlite_store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(sqlite_store)
    first = evidence.archive(sqlite_store, place)
    with monkeypatch.context() as patch:
        patch.setattr(evidence_files, "write_zip", None)
        assert evidence.archive(sqlite_store, place) == first
    taken_back(sqlite_store)
    with pytest.raises(NotPublished):
        evidence.archive(sqlite_store, place)
    document = publication.state(sqlite_store, COMMITTEE).document
    publication.publish(sqlite_store, Reauthenticated(COMMITTEE), document, MEETING)
    second = evidence.archive(sqlite_store, place)
    assert second != first and answer(second)[1] == 0 == answer(first)[1]
    assert sorted(place.iterdir()) == sorted([first, second])


def test_a_new_archive_takes_the_place_of_those_that_nobody_downloads_any_more(
    sqlite_store: Store, place: Path
) -> None:
    played(sqlite_store)
    old, recent, other = place / "chung-cu-thu-1-0.zip", place / "chung-cu-thu-2-0.zip", place / "khac.zip"
    for path in (old, recent, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    made = evidence.archive(sqlite_store, place)
    assert sorted(place.iterdir()) == sorted([made, recent, other])


def test_an_archive_that_cannot_be_written_is_refused_in_one_sentence(sqlite_store: Store, place: Path) -> None:
    played(sqlite_store)
    (place / "file").touch()
    with pytest.raises(NotWritten):
        evidence.archive(sqlite_store, place / "file")


def test_a_bundle_that_cannot_be_written_leaves_nothing(
    sqlite_store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(sqlite_store)
    monkeypatch.setattr(evidence_files, "_awards", lambda _: iter([b"section", 1]))
    for target in ("folder", "file.zip"):
        with pytest.raises(TypeError):
            evidence.write(sqlite_store, place / target)
    assert list(place.iterdir()) == []


def test_nothing_is_given_before_the_publication_or_after_its_retraction(sqlite_store: Store, place: Path) -> None:
    assigned_panel(sqlite_store)
    for act in (
        lambda: evidence.write(sqlite_store, place / "x"),
        lambda: evidence.archive(sqlite_store, place),
        lambda: evidence.proof(sqlite_store, 1),
    ):
        with pytest.raises(NotPublished):
            act()
    assert list(place.iterdir()) == []


def test_the_command_writes_a_bundle_or_the_proof_of_one_row(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    played(sqlite_store)
    folder, told = tmp_path / "bundle", tmp_path / "proof.json"
    assert cli.main(["evidence", str(folder)]) == cli.DONE
    assert cli.main(["evidence", str(told), "--proof", "7"]) == cli.DONE
    assert capsys.readouterr().out.split() == [str(folder), str(told)]
    assert answer(folder, "--proof", told)[0].startswith("ĐÚNG: dòng 7 nằm trong sổ cái")
    rows = (folder / "ledger.jsonl").read_text().splitlines()
    assert json.loads(told.read_text())["row"] == rows[6]
    for row in (0, len(rows) + 1):
        with pytest.raises(NoSuchRow):
            evidence.proof(sqlite_store, row)
    assert cli.main(["evidence", str(folder)]) == cli.REFUSED
    assert "đã có; hãy chọn một thư mục mới" in capsys.readouterr().err


def ran(*words: object) -> tuple[str, int]:
    """Run the verifier as a stranger does. Returns its output and exit status; nothing else may be printed."""
    done = subprocess.run(
        [sys.executable, "-I", *map(str, words)], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.stderr == "" and done.stdout.count("\n") == 1
    return done.stdout.strip(), done.returncode


def test_the_sample_in_the_repository_is_right_by_its_own_verifier_and_by_the_present_one(tmp_path: Path) -> None:
    own, ours = ran(SAMPLE / "verify.py"), ran(FILE, SAMPLE)
    assert own[1] == ours[1] == 0 and own[0].startswith("ĐÚNG: ")
    told = {path.name: sha256(path.read_bytes()).hexdigest() for path in SAMPLE.iterdir()}
    assert {"ledger.jsonl", "document.json", "key.txt", "rule-card.json"} <= told.keys()
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 300_000
    events = {json.loads(line)["event"] for line in (SAMPLE / "ledger.jsonl").read_text("utf-8").splitlines()}
    assert {
        "sheet.returned",
        "recusal.declared",
        "interactions.reopened",
        "result.retracted",
        "decision.made",
    } <= events
    assert ran(FILE, tmp_path)[1] == 1 and ran(FILE, tmp_path / "none")[1] == ran(FILE, __file__)[1] == 2
