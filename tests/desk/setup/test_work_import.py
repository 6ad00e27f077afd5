"""Works are imported row by row: a bad row is reported alone, no stray file is left, and --update corrects a work."""

import json
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.accounts import accounts, passwords
from core.desk.files.work_list import read_works
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.setup import contest_setup
from core.desk.setup.work_import import Imported, ImportRunning, NoSuchFolder, Request, import_works
from core.media import library, programs
from core.media.inspect import inspect
from core.rules.access import Principal, Role
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CONTEST, NOW

START = NOW - timedelta(days=20)
RULES = "[entries.video]\nsizes = [[320, 180]]\nseconds = [5, 20]\n"
HEADER = "code,title,author,unit,video"
LAN = Principal("lan", "Lan", frozenset({Role.JUDGE}), "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four different valid short films, and one file that is no film."""
    folder = tmp_path_factory.mktemp("made")
    for name, tone in (("a", 300), ("b", 400), ("c", 500), ("d", 600)):
        command = [programs.ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=6"]
        command += ["-f", "lavfi", "-i", f"sine=f={tone}:d=6", "-c:v", "libx264", "-preset", "ultrafast"]
        subprocess.run([*command, "-pix_fmt", "yuv420p", "-c:a", "aac", str(folder / f"{name}.mp4")], check=True)
    (folder / "zero.mp4").write_bytes((folder / "a.mp4").read_bytes()[:400] + bytes(20_000))
    return folder


@pytest.fixture
def films(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "films"))


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    contest_setup.open_contest(store, CONTEST + RULES, "thu.toml", START)
    for username in ("lan", "minh"):
        accounts.add(store, accounts.SYSTEM, username, username.title(), [Role.JUDGE], START)
    return store


Import = Callable[..., Imported]


@pytest.fixture
def take(desk: Store, films: Path, tmp_path: Path) -> Import:
    """Import these rows, each `code,title,author,unit,video`."""

    def take(*rows: str, update: bool = False, dry_run: bool = False) -> Imported:
        text = "\n".join((HEADER, *rows)) + "\n"
        request = Request(*read_works(text, "works.csv"), films, tmp_path / "library", update, dry_run)
        return import_works(desk, request, NOW, lambda *_: None)

    return take


def line_texts(done: Imported) -> list[tuple[int, str]]:
    return [(problem.line, problem.what.localize(Locale())) for problem in done.problems]


def works(store: Store) -> dict[str, tuple[str, str]]:
    with store.read() as connection:
        return {row.code: (row.title, row.sha256) for row in connection.execute(sa.select(t.entry))}


def ledger(store: Store, event: str) -> list[dict[str, object]]:
    statement = sa.select(t.ledger.c.payload).where(t.ledger.c.event == event).order_by(t.ledger.c.seq)
    with store.read() as connection:
        return [json.loads(text) for text in connection.scalars(statement)]


def assignment_count(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(t.assignment)).scalar_one())


def stored(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "library").iterdir() if path.name != ".lock")


def films_kept(tmp_path: Path) -> int:
    """The number of films in the library. The folder may hold only these and their posters; posters
    may be identical.
    """
    names = stored(tmp_path)
    film_names = [name for name in names if name.endswith(".mp4")]
    assert len(names) - len(film_names) <= len(film_names)
    return len(film_names)


class TestRows:
    def test_a_bad_one_is_named_with_line_and_code_and_the_others_are_imported(
        self, desk: Store, take: Import, tmp_path: Path
    ) -> None:
        done = take("T-1,Một,A,X,a.mp4", "T-2,Hai,B,Y,zero.mp4", "T-3,Ba,C,Z,khong-co.mp4", "T-4,Bốn,D,U,b.mp4")
        assert done.added == ["T-1", "T-4"]
        assert [line for line, _ in line_texts(done)] == [3, 4]
        assert all(f"T-{line - 1}: " in what for line, what in line_texts(done))
        assert assignment_count(desk) == 4  # two judges, two works
        assert films_kept(tmp_path) == 2
        assert operations.verify(desk, None, tmp_path / "library").findings == ()

    @pytest.mark.parametrize("broken", [OSError(28, "No space left on device"), MemoryError()])
    @pytest.mark.parametrize(
        "at",
        ["core.desk.setup.contest_setup.poster", "core.media.library.store", "core.desk.setup.work_import.inspect"],
    )
    def test_any_error_in_a_row_leaves_no_file_behind(
        self, desk: Store, take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, broken: Exception
    ) -> None:
        real, calls = vars(__import__(at.rpartition(".")[0], fromlist=["x"]))[at.rpartition(".")[2]], []

        def second_breaks(*words: object, **named: object) -> object:
            calls.append("x")
            if len(calls) == 2:
                raise broken
            return real(*words, **named)

        monkeypatch.setattr(at, second_breaks)
        done = take("T-1,Một,A,X,a.mp4", "T-2,Hai,B,Y,b.mp4", "T-3,Ba,C,Z,c.mp4")
        assert (done.added, [line for line, _ in line_texts(done)]) == (["T-1", "T-3"], [3])
        assert (films_kept(tmp_path), assignment_count(desk)) == (2, 4)
        monkeypatch.undo()
        assert take("T-2,Hai,B,Y,b.mp4").added == ["T-2"]

    def test_an_interrupted_import_assigns_the_imported_works(
        self, desk: Store, take: Import, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        real = contest_setup.add_work

        def breaks_off(store: Store, work: object, now: object) -> None:
            if work.code == "T-2":  # type: ignore[attr-defined]
                raise KeyboardInterrupt
            real(store, work, now)  # type: ignore[arg-type]

        monkeypatch.setattr("core.desk.setup.contest_setup.add_work", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            take("T-1,Một,A,X,a.mp4", "T-2,Hai,B,Y,b.mp4", "T-3,Ba,C,Z,c.mp4")
        assert (list(works(desk)), assignment_count(desk), len(stored(tmp_path))) == (["T-1"], 2, 2)

    def test_a_second_simultaneous_import_is_refused(self, take: Import, tmp_path: Path) -> None:
        with library.locked(tmp_path / "library"), pytest.raises(ImportRunning):
            take("T-1,Một,A,X,a.mp4")

    def test_a_folder_that_is_not_there_is_named(self, desk: Store, tmp_path: Path) -> None:
        statement = Request([], [], tmp_path / "nowhere", tmp_path / "library")
        with pytest.raises(NoSuchFolder, match="nowhere"):
            import_works(desk, statement, NOW, lambda *_: None)

    def test_a_film_that_changes_while_it_is_read_is_not_taken(
        self, take: Import, tmp_path: Path, films: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = inspect

        def exchanged(path: Path, rules: object) -> object:
            found = real(path, rules)  # type: ignore[arg-type]
            shutil.copy(films / "b.mp4", path)
            return found

        monkeypatch.setattr("core.desk.setup.work_import.inspect", exchanged)
        done = take("T-1,Một,A,X,a.mp4")
        assert done.added == [] and "bị thay đổi trong lúc nhập" in line_texts(done)[0][1] and stored(tmp_path) == []


class TestKnownWorks:
    def test_the_same_again_is_known(self, take: Import) -> None:
        take("T-1,Một,A,X,a.mp4")
        done = take("T-1,Một,A,X,a.mp4")
        assert (done.known, done.added, done.problems) == (["T-1"], [], [])

    def test_without_its_film_only_its_texts_are_compared(self, take: Import) -> None:
        take("T-1,Một,A,X,a.mp4")
        assert take("T-1,Một,A,X,khac.mp4").known == ["T-1"]
        assert "khác ở: tên" in line_texts(take("T-1,Một sửa,A,X,khac.mp4"))[0][1]

    @pytest.mark.parametrize(
        "row,what",
        [
            ("T-1,Một sửa,A,X,a.mp4", ("title",)), ("T-1,Một,A hai,X,a.mp4", ("author",)),
            ("T-1,Một,A,X hai,a.mp4", ("unit",)), ("T-1,Một,A,X,b.mp4", ("film",)),
            ("T-1,Một sửa,A,X hai,b.mp4", ("title", "unit", "film")),
        ],
    )  # fmt: skip
    def test_a_difference_is_reported_and_with_update_corrected_and_recorded(
        self, desk: Store, take: Import, tmp_path: Path, row: str, what: tuple[str, ...]
    ) -> None:
        take("T-1,Một,A,X,a.mp4")
        before, imported = works(desk), take(row)
        ((line, problem),) = line_texts(imported)
        assert line == 2 and "T-1: đã có trong cuộc thi nhưng khác ở" in problem and "--update" in problem
        assert works(desk) == before
        done = take(row, update=True)
        assert (done.corrected, done.problems) == ({"T-1": what}, [])
        assert len(ledger(desk, "entry.corrected")) == (what != ("film",))
        assert len(ledger(desk, "entry.film_replaced")) == ("film" in what)
        assert take(row).known == ["T-1"]
        assert operations.verify(desk, None, tmp_path / "library").findings == ()

    def test_a_film_that_breaks_a_rule_corrects_nothing(self, desk: Store, take: Import, tmp_path: Path) -> None:
        take("T-1,Một,A,X,a.mp4")
        before, lay = works(desk), stored(tmp_path)
        done = take("T-1,Một sửa,A,X,zero.mp4", update=True)
        assert (done.corrected, works(desk), stored(tmp_path)) == ({}, before, lay)
        assert done.problems

    def test_a_film_that_sheets_were_given_for_is_not_replaced(self, desk: Store, take: Import, tmp_path: Path) -> None:
        take("T-1,Một,A,X,a.mp4")
        judge_sheets.save(desk, LAN, "T-1", Change({"ND": "30", "ST": "10"}), 0, NOW)
        judge_sheets.submit(desk, LAN, "T-1", 1, "k" * 16, NOW)
        lay = stored(tmp_path)
        done = take("T-1,Một,A,X,b.mp4", update=True)
        assert "đã có 1 phiếu nộp" in line_texts(done)[0][1] and stored(tmp_path) == lay
        assert take("T-1,Một sửa,A,X,a.mp4", update=True).corrected == {"T-1": ("title",)}

    def test_watch_time_of_the_old_film_is_reset(self, desk: Store, take: Import) -> None:
        take("T-1,Một,A,X,a.mp4")
        with desk.read() as connection:
            judge = connection.execute(sa.select(t.account.c.id).where(t.account.c.username == "lan")).scalar_one()
            entry = connection.execute(sa.select(t.entry.c.id)).scalar_one()
        row = {"judge_id": judge, "entry_id": entry, "intervals": "[[0,6000]]", "budget_ms": 0, "credited_at": 1}
        desk.change(lambda transaction: transaction.connection.execute(t.watched.insert().values(row)).close())
        take("T-1,Một,A,X,b.mp4", update=True)
        with desk.read() as connection:
            assert connection.execute(sa.select(t.watched.c.intervals)).scalar_one() == "[]"


class TestOneFilmOneWork:
    def test_two_codes_in_one_table(self, take: Import) -> None:
        done = take("T-1,Một,A,X,a.mp4", "T-2,Hai,B,Y,a.mp4")
        assert done.added == ["T-1"]
        assert "T-2: Phim này đã là phim của tác phẩm T-1" in line_texts(done)[0][1]

    def test_the_same_film_under_another_name_or_in_another_import(self, take: Import, films: Path) -> None:
        shutil.copy(films / "a.mp4", films / "ban-sao.mp4")
        take("T-1,Một,A,X,a.mp4")
        assert take("T-2,Hai,B,Y,ban-sao.mp4").added == []
        take("T-2,Hai,B,Y,b.mp4")
        assert "T-1" in line_texts(take("T-2,Hai,B,Y,ban-sao.mp4", update=True))[0][1]

    def test_two_files_whose_names_differ_only_in_spelling_are_refused(self, take: Import, films: Path) -> None:
        shutil.copy(films / "a.mp4", films / unicodedata.normalize("NFC", "hoà bản.mp4"))
        shutil.copy(films / "b.mp4", films / unicodedata.normalize("NFD", "hoà bản.mp4"))
        done = take("T-1,Một,A,X,hoà bản.mp4")
        assert done.added == [] and "Nhiều tệp cùng ứng với tên" in line_texts(done)[0][1]

    @pytest.mark.parametrize(
        "name", [unicodedata.normalize("NFD", "hoà bản.mp4"), "hòa bản.mp4", "HOÀ BẢN.MP4", "hoà  bản.mp4"]
    )
    def test_a_name_in_another_spelling_finds_its_file(self, take: Import, films: Path, name: str) -> None:
        shutil.move(films / "a.mp4", films / name)
        assert take("T-1,Một,A,X,hoà bản.mp4").added == ["T-1"]


class TestDryRun:
    def test_reports_everything_and_writes_nothing(self, desk: Store, take: Import, tmp_path: Path) -> None:
        take("T-1,Một,A,X,a.mp4")
        before, lay, rows = works(desk), stored(tmp_path), len(ledger(desk, "entry.added"))
        table = ("T-1,Một sửa,A,X,b.mp4", "T-2,Hai,B,Y,c.mp4", "T-3,Ba,C,Z,c.mp4", "T-4,Bốn,D,U,zero.mp4")
        foretold = take(*table, update=True, dry_run=True)
        assert (works(desk), stored(tmp_path), len(ledger(desk, "entry.added"))) == (before, lay, rows)
        done = take(*table, update=True)
        assert (foretold.added, foretold.corrected, line_texts(foretold)) == (
            done.added,
            done.corrected,
            line_texts(done),
        )

    def test_makes_no_library(self, take: Import, tmp_path: Path) -> None:
        assert take("T-1,Một,A,X,a.mp4", dry_run=True).added == ["T-1"]
        assert not (tmp_path / "library").exists()


def test_nothing_changes_once_the_awards_are_confirmed(desk: Store, take: Import, tmp_path: Path) -> None:
    take("T-1,Một,A,X,a.mp4")
    desk.change(
        lambda transaction: transaction.connection.execute(t.contest.update().values(awards_confirmed_at=1)).close()
    )
    lay = stored(tmp_path)
    for row in ("T-2,Hai,B,Y,b.mp4", "T-1,Một sửa,A,X,a.mp4", "T-1,Một,A,X,b.mp4"):
        assert "Bảng trao giải đã xác nhận" in line_texts(take(row, update=True))[0][1]
    assert stored(tmp_path) == lay
