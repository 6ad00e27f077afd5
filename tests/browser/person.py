"""One user's browser context, and the checks that tests run on a page: it has settled, and axe finds
nothing serious.
"""

from datetime import datetime
from importlib import resources
from time import monotonic
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.desk.demo.build import PASSWORD
from tests.serving.servers import Server

PATIENCE_MS = 60_000
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Streamlit also reports "notRunning" briefly before its first run, when it has drawn nothing.
SETTLED = """() => document.readyState === "complete" && (!document.getElementById("root") ||
  document.querySelector("[data-testid='stApp']")?.dataset.testScriptState === "notRunning" &&
  document.querySelector("[data-testid='stMain'] [data-testid='stElementContainer']") !== null)"""
STILL_MS = 150  # milliseconds without a change of the document
STILL = """quiet => {
  const coming = ["[data-testid='stSkeleton']", "[data-stale='true']", "[aria-busy='true']", "#state[data-state='opening']",
    "#notes:empty", "#progress.chart:empty"].join();
  const moves = ({effect, playState}) => playState === "running" && effect.getComputedTiming().endTime !== Infinity;
  if (document.readyState !== "complete" || location.href === "about:blank" && window.frameElement?.src) return false;
  if (!window.changedAt) new MutationObserver(() => { window.changedAt = performance.now(); })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  window.changedAt ??= performance.now();
  return document.fonts.status === "loaded" && !document.querySelector(coming) && !document.getAnimations().some(moves)
    && performance.now() - window.changedAt > quiet;
}"""


class Runs:
    """Whether a window has requested a run of Streamlit's script that has not ended yet. Read from its socket."""

    def __init__(self, page: Page) -> None:
        self.requested = False
        self._newest: WebSocket | None = None
        page.on("websocket", self._listen)
        page.on("request", lambda request: self._leave(page, request))

    def _listen(self, socket: WebSocket) -> None:
        if not socket.url.partition("?")[0].endswith("/_stcore/stream"):
            return
        self._newest, self.requested = socket, False
        socket.on("framesent", lambda data: self._sent(socket, data))
        socket.on("framereceived", lambda data: self._received(socket, data))
        socket.on("close", lambda _: self._set(socket, requested=False))

    def _leave(self, page: Page, request: Request) -> None:
        """Another document is loaded, perhaps one that is not Streamlit's."""
        if request.is_navigation_request() and request.frame == page.main_frame:
            self._newest, self.requested = None, False

    def _sent(self, socket: WebSocket, data: str | bytes) -> None:
        if isinstance(data, bytes) and BackMsg.FromString(data).WhichOneof("type") == "rerun_script":
            self._set(socket, requested=True)

    def _received(self, socket: WebSocket, data: str | bytes) -> None:
        """A run that ends early for another one is followed by that one."""
        message = ForwardMsg.FromString(data) if isinstance(data, bytes) else ForwardMsg()
        if message.WhichOneof("type") == "script_finished":
            self._set(socket, requested=message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN)

    def _set(self, socket: WebSocket, *, requested: bool) -> None:
        if socket is self._newest:
            self.requested = requested


RUNS: WeakKeyDictionary[Page, Runs] = WeakKeyDictionary()  # of every window that a `Visit` has opened


class Visit:
    """One user's browser context: own cookies and windows. Records requests to other hosts, script errors and CSP
    violations.
    """

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.forbidden: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._record_request)
        context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        RUNS[page] = Runs(page)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._record_message)
        page.on("websocket", self._record_request)

    def _record_request(self, request: Request | WebSocket) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(self.server.origin).netloc:
            self.strangers.append(request.url)

    def _record_message(self, message: ConsoleMessage) -> None:
        where = message.location.get("url")  # no URL: axe itself, which the test injects
        if where and "Content Security Policy" in message.text:
            self.forbidden.append(f"{where}: {message.text}")

    def open(self, address: str = "/") -> Page:
        """Open a window at this address and wait until Streamlit has drawn it."""
        page = self.context.new_page()
        page.goto(self.server.origin + address)
        settled(page)
        return page

    def sign_in(self, username: str, secret: str) -> Page:
        """Sign in through the form: fill its two fields and press its button. Returns the window."""
        page = self.open("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").first.fill(secret)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_label("Tên đăng nhập").wait_for(state="detached")
        settled(page)
        return page

    def signed_in(self, username: str, address: str = "/", at: datetime | None = None) -> Page:
        """Open a window as an account of the demo that is already signed in: the session's cookie is set directly.

        A later moment `at` of the sign-in moves the desk's clock (`Server.cookies`).
        """
        for name, value in self.server.cookies(username, PASSWORD, at).items():
            self.context.add_cookies([{"name": name, "value": value, "url": self.server.origin}])
        return self.open(address)


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn the page, no script runs, and every run that the window has requested has ended."""
    page.wait_for_function(SETTLED)
    runs, until = RUNS.get(page), monotonic() + PATIENCE_MS / 1000
    while runs is not None and runs.requested:
        assert monotonic() < until, "a run of the script does not end"
        page.wait_for_timeout(20)
        page.wait_for_function(SETTLED)


def still(page: Page) -> Page:
    """Wait until the page no longer changes: no script run, no pending element, font or frame, and no animation."""
    settled(page)
    seen: list[Frame] = []
    while seen != page.frames:  # the page loads its frames, and their content may change the page around them
        seen = list(page.frames)
        for frame in (*seen, page.main_frame):
            frame.wait_for_function(STILL, arg=STILL_MS, polling=50)
    return page


def serious(page: Page) -> list[str]:
    """The serious and critical violations that axe finds on the page and in each of its frames, one line each."""
    return [line for frame in still(page).frames for line in _serious(frame)]


def _serious(frame: Frame) -> list[str]:
    frame.evaluate(AXE)
    found = frame.evaluate(
        "standard => axe.run(document, {iframes: false, resultTypes: ['violations'], runOnly: standard})", STANDARD
    )
    return [
        f"{each['impact']}: {each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:4]]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
