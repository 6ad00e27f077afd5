"""docs/security.md, Film files: ffmpeg reads only the film it is given, and no film name is read as anything but that file."""

import os
from pathlib import Path

import pytest

from core.media import programs
from core.media.decoding import LIMITS, frame
from core.media.inspect import inspect
from core.media.poster import poster
from core.media.probe import probe
from core.rules.contest import VideoRules
from core.sandbox.enter import landlock_version
from core.sandbox.run import run
from tests.media.conftest import Films

RULES = VideoRules(sizes=((320, 180),), seconds=(9, 11))
NAMES = [
    "-phim.mp4", "-i", "--help", "10:30 phim.mp4", "file:khac.mp4", "file:/etc/passwd", "pipe:0", "concat:a|b.mp4", "http:x.mp4",
    "subfile,,start,1,,:a.mp4", "phim%03d.mp4", "%d", "*.mp4", "[a].mp4", "@danh-sach.mp4", " đầu và cuối ", "hai\ndòng.mp4",
    "tab\tvà\x1b[31m.mp4", "nháy ' và \" và `.mp4", "$(touch x).mp4", "a;b&c.mp4", "Ngo\u0302i nha\u0300.mp4", "ngôi nhà.mp4",
    "\u202egpj.mp4", ".mp4", "không đuôi", "phim.jpg", "dài" * 40 + ".mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_an_option_a_protocol_or_another_file(
    films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Run in the film's folder, where names have no path in front. Another film that a reader might open by mistake
    is next to it.
    """
    monkeypatch.chdir(tmp_path)
    for other in ("khac.mp4", "a", "b.mp4", "x.mp4", "phim001.mp4", "a.mp4"):
        Path(other).write_bytes(films("silent").read_bytes())
    path = Path(name.replace("/", "∕"))
    path.write_bytes(films("plain").read_bytes())
    assert frame(path, probe(path), 5, (64, 36)) is not None
    if name in NAMES[:5]:
        assert inspect(path, RULES).passed


def test_a_name_that_is_not_text_and_a_link_are_read_too(films: Films, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfephim.mp4"))
    odd.write_bytes(films("plain").read_bytes())
    link = tmp_path / "link.mp4"
    link.symlink_to(odd)
    assert inspect(odd, RULES).passed
    assert inspect(link, RULES).passed


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
        assert inspect(path, RULES).passed, path
        assert (tmp_path / poster(path, probe(path), tmp_path)).is_file()


@pytest.fixture(params=["system", "carried"])
def each_ffmpeg(request: pytest.FixtureRequest) -> str:
    """The path of the system's ffmpeg, then of the one in imageio-ffmpeg."""
    if request.param == "carried":
        request.getfixturevalue("carried_ffmpeg")
    return programs.ffmpeg()


def test_ffmpeg_reads_only_the_film_it_is_given(
    films: Films, tmp_path: Path, each_ffmpeg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, other = tmp_path / "film.mp4", tmp_path / "other.mp4"
    for path in (film, other):
        path.write_bytes(films("plain").read_bytes())
    found = probe(film)
    assert frame(film, found, 5, (64, 36)) is not None
    options = programs.input_options(other)
    monkeypatch.setattr(programs, "input_options", lambda _path: options)  # as if the decoder were taken over
    assert (frame(film, found, 5, (64, 36)) is None) == (landlock_version() > 0)


def test_ffmpeg_writes_nothing(films: Films, tmp_path: Path, each_ffmpeg: str) -> None:
    film, copy = films("plain"), tmp_path / "copy.mp4"
    command = [each_ffmpeg, "-v", "error", *programs.input_options(film), "-c", "copy", str(copy)]
    assert run(command, limits=LIMITS, readable=[film]).status != 0
    assert not copy.exists() or copy.read_bytes() == b""
    assert run([*command, "-y"], limits=LIMITS, readable=[film], writable=[tmp_path]).status == 0
    assert copy.stat().st_size > 0


def test_ffmpeg_tells_its_progress(films: Films, each_ffmpeg: str) -> None:
    film = films("plain")
    lines: list[str] = []
    command = [each_ffmpeg, "-v", "error", "-progress", "pipe:3", *programs.input_options(film), "-f", "null", "-"]
    outcome = run(command, limits=LIMITS, readable=[film], on_line=lines.append)
    assert (outcome.status, outcome.err) == (0, "")
    assert lines[-1] == "progress=end" and "frame=100" in lines
