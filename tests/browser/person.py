"""One person at one browser, and what the tests ask of every page: that it settles, and that axe finds nothing serious."""

from importlib import resources
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, WebSocket

from core.desk.demo.build import PASSWORD
from tests.serving.servers import Server

PATIENCE_MS = 40_000
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Streamlit says "notRunning" for a moment before its first run too: then it has drawn nothing.
SETTLED = """() => document.readyState === "complete" && (!document.getElementById("root") ||
  document.querySelector("[data-testid='stApp']")?.dataset.testScriptState === "notRunning" &&
  document.querySelector("[data-testid='stMain'] [data-testid='stElementContainer']") !== null)"""
STILL_MS = 150  # without one change of the document
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


class Visit:
    """One person at one browser: own cookies, own windows, and a note of every request that would leave the machine."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.forbidden: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._asked)
        context.on("page", self._watch)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._said)
        page.on("websocket", self._asked)

    def _asked(self, request: Request | WebSocket) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(self.server.origin).netloc:
            self.strangers.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        where = message.location.get("url")  # nowhere: axe itself, put into the page by the test
        if where and "Content Security Policy" in message.text:
            self.forbidden.append(f"{where}: {message.text}")

    def open(self, address: str = "/") -> Page:
        """A window at this address, once Streamlit has drawn it."""
        page = self.context.new_page()
        page.goto(self.server.origin + address)
        settled(page)
        return page

    def sign_in(self, username: str, secret: str) -> Page:
        """Sign in as a person does: the form, its two fields, its button."""
        page = self.open("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").first.fill(secret)
        page.get_by_role("button", name="Đăng nhập").click()
        page.get_by_label("Tên đăng nhập").wait_for(state="detached")
        settled(page)
        return page

    def signed_in(self, username: str, address: str = "/") -> Page:
        """A window of a person of the demo who signed in before: the desk makes the session, its cookie is put here."""
        for name, value in self.server.cookies(username, PASSWORD).items():
            self.context.add_cookies([{"name": name, "value": value, "url": self.server.origin}])
        return self.open(address)


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn the page and runs nothing. What it runs for a click has not begun with the click."""
    page.wait_for_function(SETTLED)


def still(page: Page) -> Page:
    """Wait until nothing of the page is being drawn: no run, no piece or face or frame still to come, nothing that moves."""
    settled(page)
    seen: list[Frame] = []
    while seen != page.frames:  # the page brings its frames, and what they show may change the page around them
        seen = list(page.frames)
        for frame in (*seen, page.main_frame):
            frame.wait_for_function(STILL, arg=STILL_MS, polling=50)
    return page


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical on the page and in each of its frames, once all is drawn; one line each."""
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
