"""docs/security.md, Film files: a process of its own, with limits; and no name of a film is anything but that film."""

import os
import threading
import time
from pathlib import Path

import pytest

from core.media import programs
from core.media.decoding import frame
from core.media.inspect import inspect
from core.media.poster import poster
from core.media.probe import probe
from core.rules.contest import VideoRules
from tests.media.conftest import Films

RULES = VideoRules(sizes=((320, 180),), seconds=(9, 11))
NAMES = [
    "-phim.mp4", "-i", "--help", "10:30 phim.mp4", "file:khac.mp4", "file:/etc/passwd", "pipe:0", "concat:a|b.mp4", "http:x.mp4",
    "subfile,,start,1,,:a.mp4", "phim%03d.mp4", "%d", "*.mp4", "[a].mp4", "@danh-sach.mp4", " đầu và cuối ", "hai\ndòng.mp4",
    "tab\tvà\x1b[31m.mp4", "nháy ' và \" và `.mp4", "$(touch x).mp4", "a;b&c.mp4", "Ngo\u0302i nha\u0300.mp4", "ngôi nhà.mp4",
    "\u202egpj.mp4", ".mp4", "không đuôi", "phim.jpg", "dài" * 40 + ".mp4",
]  # fmt: skip


class TestLimits:
    def test_time_ends(self) -> None:
        began = time.monotonic()
        assert programs.fenced(["sleep", "30"], seconds=1).status is None
        assert time.monotonic() - began < 10

    def test_time_ends_for_one_that_closed_its_pipes(self) -> None:
        assert programs.fenced(["sh", "-c", "exec >&- 2>&-; sleep 30"], seconds=1).status is None

    def test_time_ends_for_what_it_started(self, tmp_path: Path) -> None:
        began = time.monotonic()
        assert programs.fenced(["sh", "-c", "sleep 30 & sleep 30"], seconds=1).status is None
        assert time.monotonic() - began < 10

    def test_the_processors_time_ends(self) -> None:
        assert programs.fenced(["sh", "-c", "while :; do :; done"], seconds=1).status in {None, -9, -24}

    def test_memory_ends(self) -> None:
        outcome = programs.fenced(["python3", "-c", "bytearray(300 << 20)"], memory=200 << 20)
        assert outcome.status not in {0, None}
        assert "MemoryError" in outcome.err

    def test_a_file_written_ends(self, tmp_path: Path) -> None:
        written = tmp_path / "out"
        outcome = programs.fenced(["dd", "if=/dev/zero", f"of={written}", "bs=64k", "count=64"], output=1 << 20)
        assert outcome.status != 0
        assert written.stat().st_size <= 1 << 20

    def test_what_is_written_to_the_pipe_ends(self) -> None:
        began = time.monotonic()
        outcome = programs.fenced(["cat", "/dev/zero"], output=1 << 20)
        assert (outcome.status, len(outcome.out)) == (None, 1 << 20)
        assert time.monotonic() - began < 10

    def test_words_without_end_are_cut_and_the_program_is_not(self) -> None:
        talkative = "head -c 5000000 /dev/zero >&2; echo whole"
        outcome = programs.fenced(["sh", "-c", talkative])
        assert (outcome.status, outcome.out, len(outcome.err)) == (0, b"whole\n", programs.MAX_STDERR)

    def test_it_leaves_no_core_and_reads_nothing(self) -> None:
        assert programs.fenced(["sh", "-c", "ulimit -c; cat"]).out == b"0\n"

    def test_both_pipes_are_read_together(self) -> None:
        both = "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"
        outcome = programs.fenced(["sh", "-c", both])
        assert (outcome.status, len(outcome.out), len(outcome.err)) == (0, 600_000, 300_000)

    def test_words_are_never_the_shells(self, tmp_path: Path) -> None:
        words = ["$(id)", "`id`", "; id", "a b", "", "-n", "*", "'\""]
        outcome = programs.fenced(["printf", r"%s\n", *words])
        assert outcome.out.decode().split("\n") == [*words, ""]

    def test_it_runs_beside_threads(self) -> None:
        """No Python code runs between fork and exec, where another thread may hold a lock."""
        done: list[int | None] = []
        threads = [threading.Thread(target=lambda: done.append(programs.fenced(["true"]).status)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert done == [0] * 16


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_an_option_a_protocol_or_another_file(
    films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In the folder one stands in, where a name is not led by a path; beside it lies another film that a reader might take."""
    monkeypatch.chdir(tmp_path)
    for other in ("khac.mp4", "a", "b.mp4", "x.mp4", "phim001.mp4", "a.mp4"):
        Path(other).write_bytes(films("silent").read_bytes())
    path = Path(name.replace("/", "∕"))
    path.write_bytes(films("plain").read_bytes())
    assert frame(path, probe(path), 5, (64, 36)) is not None
    if name in NAMES[:5]:
        assert inspect(path, RULES).kept


def test_a_name_that_is_no_text_and_a_link_are_read_too(films: Films, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfephim.mp4"))
    odd.write_bytes(films("plain").read_bytes())
    link = tmp_path / "link.mp4"
    link.symlink_to(odd)
    assert inspect(odd, RULES).kept
    assert inspect(link, RULES).kept


def test_a_film_is_named_to_ffmpeg_by_its_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert programs.input_options(Path("-a.mp4"))[-2:] == ["-i", f"file:{tmp_path}/-a.mp4"]


@pytest.mark.parametrize("carried", [False, True])
def test_both_programs_decode_alike(
    films: Films, tmp_path: Path, request: pytest.FixtureRequest, carried: bool
) -> None:
    paths = [films(name) for name in ("narrow", "small_hidden", "mp3")]
    if carried:
        request.getfixturevalue("carried_ffmpeg")
    for path in paths:
        assert inspect(path, RULES).kept, path
        assert (tmp_path / poster(path, probe(path), tmp_path)).is_file()
