"""A film that plays without picture or sound, or stalls: the sheet says so, and counts no time that was not shown."""

import hashlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from core.media import programs
from core.store.engine import Store, connect
from core.store.films.film_copies import CopyKind
from tests.browser.person import Visit
from tests.fixtures.films import registered_copy, registered_film
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.timed  # films play in real time
NO_PICTURE, NO_SOUND, SLOW = "không hiện hình", "không có tiếng", "Đường truyền chậm"
PICTURE = ["-f", "lavfi", "-i", "testsrc=s=640x360:r=25:d=10"]
NOISE = ["-f", "lavfi", "-i", "nullsrc=s=640x360:r=25:d=10,noise=alls=100:allf=t"]
SOUND = ["-f", "lavfi", "-i", "sine=d=10"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]
FILMS = {
    "good": [*PICTURE, *SOUND, *H264, "-c:a", "aac"],
    "small": [*PICTURE, *SOUND, "-s", "320x180", *H264, "-c:a", "aac"],
    "hevc": [*PICTURE, *SOUND, *HEVC, "-c:a", "aac"],
    "part2": [*PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "aac"],
    "ac3": [*PICTURE, *SOUND, *H264, "-c:a", "ac3"],
    "no_sound": [*PICTURE, *H264],
    "picture_ends": ["-f", "lavfi", "-i", "testsrc=s=640x360:r=25:d=1", *SOUND, *H264, "-c:a", "aac"],
    "sound_ends": [*PICTURE, "-f", "lavfi", "-i", "sine=d=1", *H264, "-c:a", "aac"],
    "few_pictures": [
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=640x360:r=0.4:d=10",
        *SOUND,
        *H264,
        "-c:a",
        "aac",
    ],  # everything is decoded in advance
    "heavy": [*NOISE, *SOUND, *H264, "-b:v", "6M", "-c:a", "aac"],
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("films")

    def film(kind: str) -> Path:
        path = folder / f"{kind}.mp4"
        if not path.exists():
            words = ["-nostdin", "-v", "error", *FILMS[kind], "-movflags", "+faststart", str(path)]
            subprocess.run([programs.ffmpeg(), *words], check=True)
        return path

    return film


@pytest.fixture(scope="module")
def desk(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served-films") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server


class Marking:
    """A judge with a film of this kind at a work not yet opened."""

    def __init__(
        self, person: Visit, film: Path, before: Callable[[Page], object] = lambda _: None, light: Path | None = None
    ) -> None:
        with closing(connect(person.server.database_url)) as store:
            judge, code = unmarked(store)
            library = person.server.data_dir / "library"
            registered_film(store, library, code, film)
            if light:
                registered_copy(store, library, code, CopyKind.LIGHT, light.read_bytes())
        self.page = person.signed_in(judge, "/queue")
        self.reports: list[Any] = []
        self.page.on("request", lambda sent: self.reports.append(sent) if sent.url.endswith("/watched") else None)
        before(self.page)
        self.page.goto(f"{person.server.origin}/marking?work={code}")
        self.sheet: FrameLocator = self.page.frame_locator("iframe[src*='/sheet/']")
        self.says: Locator = self.sheet.locator("#no-film")
        self.watched: Locator = self.sheet.locator("#watched")
        self.film: Locator = self.sheet.locator("#film")
        expect(self.watched).to_have_text("Đã xem 0%")
        self.film.evaluate("video => new Promise(done => video.readyState ? done() : video.onloadedmetadata = done)")

    def wait_for(self, condition: str) -> None:
        """Wait until this function of the player is true."""
        end = time.monotonic() + 20
        while not self.film.evaluate(condition):
            assert time.monotonic() < end, condition
            self.page.wait_for_timeout(50)

    def play(self, seconds: float) -> None:
        """Let the film play until its position is `seconds`, or it ends."""
        self.film.evaluate(
            """(video, until) => new Promise(done => {
              const look = () => { if (video.currentTime >= until || video.ended) done(); else setTimeout(look, 50); };
              video.play().then(look);
            })""",
            seconds,
        )


def unmarked(store: Store) -> tuple[str, str]:
    """A judge, and the code of an assigned work not yet opened."""
    untouched = """select account.username, entry.code from assignment
        join entry on entry.id = assignment.entry_id join account on account.id = assignment.judge_id
        where (assignment.judge_id, assignment.entry_id) not in (select judge_id, entry_id from watched)
        and (assignment.judge_id, assignment.entry_id) not in (select judge_id, entry_id from recusal)"""
    with store.read() as connection:
        judge, code = next(iter(connection.exec_driver_sql(untouched)))
    return str(judge), str(code)


@pytest.fixture
def marking(desk: Server, visit: Callable[..., Visit], films: Callable[[str], Path]) -> Callable[..., Marking]:
    return lambda kind, **more: Marking(visit(desk), films(kind), **more)


@pytest.mark.parametrize("kind", ["hevc", "part2"])
def test_sound_over_a_still_poster_is_told_before_it_plays_and_nothing_is_credited(
    marking: Callable[..., Marking], kind: str
) -> None:
    judge = marking(kind)
    expect(judge.says).to_contain_text(NO_PICTURE)
    judge.play(7)
    assert judge.film.evaluate("video => [video.error, video.videoWidth, video.currentTime > 5]") == [None, 0, True]
    judge.film.evaluate("video => video.pause()")
    judge.page.wait_for_timeout(1000)
    assert judge.reports == []
    expect(judge.watched).to_have_text("Đã xem 0%")
    expect(judge.says).to_contain_text("báo Tổ Thư ký")


@pytest.mark.parametrize("kind", ["ac3", "no_sound"])
def test_pictures_without_sound_are_told_and_nothing_is_credited(marking: Callable[..., Marking], kind: str) -> None:
    judge = marking(kind)
    judge.play(3)
    judge.film.evaluate("video => video.pause()")  # a pause proves nothing
    judge.play(9)
    expect(judge.says).to_contain_text(NO_SOUND)
    judge.film.evaluate("video => video.pause()")
    judge.page.wait_for_timeout(1000)
    assert judge.reports == []
    expect(judge.watched).to_have_text("Đã xem 0%")


@pytest.mark.parametrize("kind,says", [("picture_ends", NO_PICTURE), ("sound_ends", NO_SOUND)])
def test_what_stops_on_the_way_is_told_and_credited_as_far_as_it_came(
    marking: Callable[..., Marking], kind: str, says: str
) -> None:
    judge = marking(kind)
    judge.play(9)
    expect(judge.says).to_contain_text(says)
    judge.play(10)
    expect(judge.watched).to_have_text(re.compile(r"Đã xem (\d|1\d)%"))
    judge.page.wait_for_timeout(1000)
    expect(judge.watched).to_have_text(re.compile(r"Đã xem (\d|1\d)%"))


@pytest.mark.parametrize("kind", ["good", "few_pictures"])
def test_a_good_film_gives_no_warning_and_counts_completely(marking: Callable[..., Marking], kind: str) -> None:
    judge = marking(kind)
    judge.film.evaluate("video => { video.muted = true; }")
    judge.play(2)
    judge.film.evaluate("video => { video.pause(); video.volume = 0; video.muted = false; }")
    judge.page.wait_for_timeout(2000)
    for second in (8, 1, 5, 2):
        judge.film.evaluate("(video, at) => { video.currentTime = at; }", second)
    judge.play(10)
    expect(judge.watched).to_have_text(re.compile(r"Đã xem (9\d|100)%"), timeout=20_000)
    expect(judge.says).to_be_hidden()


def test_a_hidden_page_draws_nothing_and_gives_no_warning(marking: Callable[..., Marking]) -> None:
    judge = marking("good", before=hidden_at_will)
    judge.play(1)
    judge.film.evaluate("() => hide(true)")
    judge.play(9)
    expect(judge.says).to_be_hidden()
    judge.film.evaluate("() => hide(false)")
    judge.play(10)
    expect(judge.watched).to_have_text(re.compile(r"Đã xem [1-3]\d%"))
    expect(judge.says).to_be_hidden()


def hidden_at_will(page: Page) -> None:
    """Hide and show the page like a browser that decodes no picture while the page is hidden."""
    page.add_init_script("""
      let stopped = null;
      const player = HTMLVideoElement.prototype;
      const { getVideoPlaybackQuality: count, requestVideoFrameCallback: ask } = player;
      player.getVideoPlaybackQuality = function () { return stopped ?? count.call(this); };
      player.requestVideoFrameCallback = function (drawn) {
        const look = (...what) => { if (stopped) ask.call(this, look); else drawn(...what); };
        return ask.call(this, look);
      };
      Object.defineProperty(document, "hidden", { get: () => stopped !== null });
      window.hide = (away) => {
        stopped = away ? count.call(document.getElementById("film")) : null;
        document.dispatchEvent(new Event("visibilitychange"));
      };
    """)


def test_a_browser_without_byte_counts_is_trusted(marking: Callable[..., Marking]) -> None:
    """A browser that reports no byte counts is trusted: Firefox has none; Safari leaves them at 0."""
    judge = marking("good", before=counting_nothing)
    judge.play(10)
    expect(judge.watched).to_have_text(re.compile(r"Đã xem (9\d|100)%"))
    expect(judge.says).to_be_hidden()


def counting_nothing(page: Page) -> None:
    page.add_init_script("""
      for (const name of ["webkitAudioDecodedByteCount", "webkitVideoDecodedByteCount"])
        Object.defineProperty(HTMLMediaElement.prototype, name, { get: () => 0 });
      for (const name of ["getVideoPlaybackQuality", "requestVideoFrameCallback"]) delete HTMLVideoElement.prototype[name];
    """)


def test_a_connection_slower_than_the_film_is_reported(marking: Callable[..., Marking]) -> None:
    judge = marking("heavy", before=slow_line)
    judge.film.evaluate("video => { video.play(); }")
    expect(judge.says).to_contain_text(SLOW, timeout=20_000)
    assert judge.film.evaluate("video => video.currentTime") < 5


def slow_line(page: Page) -> None:
    """A connection of 400 kbit/s."""
    conditions = {"offline": False, "latency": 50, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


class TestLightCopy:
    """A judge plays the light copy, and goes on at the same moment; both count alike."""

    def test_the_choice_keeps_the_moment_and_the_time_watched(
        self, marking: Callable[..., Marking], films: Callable[[str], Path]
    ) -> None:
        judge = marking("good", light=films("small"))
        width, began = "video => video.videoWidth", "video => video.played.start(0)"
        choice = judge.sheet.get_by_label("Bản phim")
        assert judge.film.evaluate(width) == 640
        judge.play(3)
        choice.select_option("Bản nhẹ")
        judge.wait_for("video => video.videoWidth === 320 && video.played.length && !video.paused")
        assert judge.film.evaluate(began) > 2.5
        judge.play(6)
        choice.select_option("Bản đầy đủ")
        judge.wait_for("video => video.videoWidth === 640 && video.played.length && !video.paused")
        assert judge.film.evaluate(began) > 5.5
        judge.play(10)
        expect(judge.watched).to_have_text(re.compile(r"Đã xem (9\d|100)%"), timeout=20_000)
        expect(judge.says).to_be_hidden()

    def test_the_device_remembers_it(self, marking: Callable[..., Marking], films: Callable[[str], Path]) -> None:
        judge = marking("good", light=films("small"))
        judge.sheet.get_by_label("Bản phim").select_option("Bản nhẹ")
        judge.wait_for("video => video.videoWidth === 320 && video.paused")
        judge.page.reload()
        judge.wait_for("video => video.videoWidth === 320")
        expect(judge.sheet.get_by_label("Bản phim")).to_have_value("light")

    def test_a_light_copy_that_is_lost_gives_way_to_the_film(
        self, marking: Callable[..., Marking], films: Callable[[str], Path], desk: Server
    ) -> None:
        judge = marking("good", light=films("small"))
        lost = hashlib.sha256(films("small").read_bytes()).hexdigest()
        (desk.data_dir / "library" / f"{lost}.mp4").unlink()
        judge.sheet.get_by_label("Bản phim").select_option("Bản nhẹ")
        judge.wait_for("video => video.videoWidth === 640")
        expect(judge.sheet.get_by_label("Bản phim")).to_have_value("full")
        expect(judge.says).to_be_hidden()
