"""The upload control in a browser: a killed server, no network, a reload, a pause; by keyboard, narrow, light and dark.

The page around it exists in this test alone: the browser is given it instead of asking the server, with our own policy.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from core.desk import context
from core.desk.accounts import sessions
from core.rules.words import Language
from core.speech import locale
from core.store.engine import connect
from core.store.migrate import migrate
from core.store.queries import uploads
from core.store.queries.uploads import Upload, UploadState
from core.web import assets
from core.web.http.policy import OURS
from core.web.uploads.upload_words import words
from tests.browser.person import Visit, serious
from tests.browser.reach import hidden_from_the_tab_key, unreachable
from tests.fixtures.contest_with_sheets import PASSWORD, open_contest
from tests.fixtures.uploads import film
from tests.serving.servers import SESSION_COOKIE, Server, serving

pytestmark = pytest.mark.browser
MEGABYTE = 1 << 20
BYTES = 40 * MEGABYTE
SPEED = 2 * MEGABYTE  # bytes a second
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Gửi phim</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{assets}/desk.css"><link rel="stylesheet" href="{assets}/upload.css">
<script type="application/json" id="words">{words}</script><script type="module" src="/only-in-this-test.js"></script>
</head><body><main><h1>Gửi phim</h1><div id="upload"></div></main></body></html>"""
SCRIPT = """import {{ mountUpload }} from "{assets}/upload.js";
mountUpload(document.getElementById("upload"), JSON.parse(document.getElementById("words").textContent));"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("uploads")
    with closing(connect(f"sqlite:///{folder / 'desk.db'}")) as store:
        migrate(store)
        open_contest(store, sheets=0)
    with serving(folder) as served:
        yield served


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "Phim của bản Mòng.mp4"
    made.write_bytes(film(BYTES))
    return made


def opened(server: Server, visit: Callable[..., Visit], **how: bool) -> Page:
    """The page with the control, as the secretary."""
    page = visit(server, **how).context.new_page()
    sign_in(server, page)
    text = json.dumps(words(locale(Language.VI)))
    headers = {"content-security-policy": OURS.format(sockets="")}

    def give(route: Route) -> None:
        script = route.request.url.endswith(".js")
        body = (SCRIPT if script else PAGE).format(assets=assets.HERE, words=text)
        kind = "text/javascript" if script else "text/html; charset=utf-8"
        route.fulfill(body=body, headers={**headers, "content-type": kind})

    page.route("**/only-in-this-test*", give)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{server.origin}/only-in-this-test")
    return page


def sign_in(server: Server, page: Page) -> None:
    for name, value in server.cookies("thuky", PASSWORD).items():
        page.context.add_cookies([{"name": name, "value": value, "url": server.origin}])


def sent(page: Page) -> float:
    """The share that the bar shows."""
    return float(page.locator("progress").evaluate("bar => bar.value"))


def until_sent(page: Page, share: float) -> None:
    end = time.monotonic() + 120
    while sent(page) < share:
        assert time.monotonic() < end, (sent(page), page.locator("#upload").inner_text())
        page.wait_for_timeout(50)


def slow(network: CDPSession, *, offline: bool = False, speed: int = SPEED) -> None:
    given = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    network.send("Network.emulateNetworkConditions", given)


def only_upload(server: Server) -> Upload:
    with closing(connect(server.database_url)) as store, store.read() as connection:
        (each,) = uploads.ids(connection)
        found = uploads.find(connection, each)
    assert found is not None
    return found


def test_a_film_arrives_whole_through_a_kill_no_network_a_reload_and_a_pause(
    server: Server, visit: Callable[..., Visit], path: Path
) -> None:
    page = opened(server, visit)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow(network)
    page.locator("input[type=file]").set_input_files(path)
    until_sent(page, 0.3)
    server.kill()
    expect(page.get_by_text("Mất kết nối, đang thử lại…")).to_be_visible()
    server.start()
    until_sent(page, 0.45)  # by itself
    slow(network, offline=True)
    expect(page.get_by_text("Mất kết nối, đang thử lại…")).to_be_visible()
    slow(network)
    until_sent(page, 0.6)
    kept = only_upload(server).kept_bytes
    assert kept > 0.1 * BYTES
    slow(network, speed=MEGABYTE)  # time enough to pause it, however busy the machine
    page.reload()
    # a proxy without its desk: tus-js-client alone would begin a second upload
    page.route("**/uploads/*", lambda route: route.fulfill(status=502), times=2)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Gửi tiếp từ chỗ đã dừng.")).to_be_visible()
    until_sent(page, kept / BYTES)
    page.get_by_role("button", name="Tạm dừng").click()
    expect(page.get_by_text("Đã tạm dừng; phần đã gửi không mất.")).to_be_visible()
    slow(network, speed=-1)
    page.get_by_role("button", name="Gửi tiếp").click()
    expect(page.get_by_text("Đã nhận đủ Phim của bản Mòng.mp4.")).to_be_visible()
    upload = only_upload(server)
    assert (upload.state, upload.holder, upload.name) == (UploadState.COMPLETE, "account:thuky", path.name)
    assert (server.data_dir / "uploads" / f"{upload.id}.mp4").read_bytes() == path.read_bytes()


def test_what_is_not_a_film_is_said_before_anything_is_sent(
    server: Server, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = opened(server, visit)
    (tmp_path / "vẽ.mp4").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    page.locator("input[type=file]").set_input_files(tmp_path / "vẽ.mp4")
    expect(page.get_by_text("Hãy xuất phim thành MP4 rồi chọn lại.")).to_be_visible()
    (tmp_path / "quay.mp4").write_bytes(b"\0\0\0\x14ftypqt  \0\0\2\0qt  ")  # the server knows better
    page.locator("input[type=file]").set_input_files(tmp_path / "quay.mp4")
    expect(page.get_by_text("Hãy xuất phim thành MP4 rồi gửi lại.")).to_be_visible()
    expect(page.get_by_role("button", name="Chọn tệp phim MP4")).to_be_visible()


def test_a_session_that_ends_stops_the_film_which_goes_on_after_the_next_sign_in(
    server: Server, visit: Callable[..., Visit], path: Path
) -> None:
    page = opened(server, visit)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow(network)
    page.locator("input[type=file]").set_input_files(path)
    until_sent(page, 0.2)
    with closing(connect(server.database_url)) as store:
        (secret,) = (each["value"] for each in page.context.cookies() if each["name"] == SESSION_COOKIE)
        who = sessions.principal(store, secret, context.now())
        assert who is not None
        sessions.end(store, who, who.session, context.now())
    expect(page.get_by_text("Phiên đăng nhập đã kết thúc, nhưng phần đã gửi không mất.")).to_be_visible()
    slow(network, speed=-1)
    sign_in(server, page)
    page.reload()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Gửi tiếp từ chỗ đã dừng.").or_(page.get_by_text("Đã nhận đủ"))).to_be_visible()
    expect(page.get_by_text("Đã nhận đủ Phim của bản Mòng.mp4.")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_every_state_is_usable_on_a_phone_and_by_keyboard(
    server: Server, visit: Callable[..., Visit], path: Path, dark: bool
) -> None:
    page = opened(server, visit, phone=True, dark=dark)
    assert (unreachable(page), hidden_from_the_tab_key(page), serious(page)) == ([], [], [])
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow(network, speed=MEGABYTE // 4)
    page.locator("input[type=file]").set_input_files(path)
    until_sent(page, 0.01)
    assert (unreachable(page), hidden_from_the_tab_key(page)) == ([], [])
    page.get_by_role("button", name="Tạm dừng").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Gửi tiếp")).to_be_focused()
    assert (unreachable(page), serious(page)) == ([], [])
    page.get_by_role("button", name="Bỏ tệp này").press("Enter")
    expect(page.get_by_text("Đã bỏ tệp.")).to_be_visible()
    expect(page.get_by_role("button", name="Chọn tệp phim MP4")).to_be_focused()
