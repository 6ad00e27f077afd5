"""The page data/evidence/verify.html in one window, opened from the disk: bundles go in, verdicts come out."""

from collections.abc import Mapping

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, Request

from tests import verifier_page

Payload = Mapping[str, bytes] | bytes
READY = "#verdict:not([data-state='running'])"


class CheckedPage:
    """One window with the page. Collects what must not happen: requests, script errors, breaches of the policy."""

    def __init__(self, browser: Browser, *, width: int = 1366, dark: bool = False, before: str = "") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="vi-VN"
        )
        self.page: Page = self.context.new_page()
        self.page.add_init_script(before)
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("request", self._requested)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._logged)
        self.page.goto(verifier_page.PAGE.as_uri())

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def _logged(self, line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            self.faults.append(line.text)

    def check(self, bundle: Payload, marks: str = "", *, name: str = "goi.zip") -> str:
        """Give the page these files, or this ZIP, and wait for its verdict."""
        files = {name: bundle} if isinstance(bundle, bytes) else bundle
        self.page.fill("#marks", marks)
        given = [FilePayload(name=path, mimeType="", buffer=content) for path, content in files.items()]
        self.page.set_input_files("#files", given)
        self.page.wait_for_selector(READY)
        return self.sentence()

    def compare(self, marks: str) -> str:
        """Type marks for the bundle that was checked before, as a person does."""
        self.page.fill("#marks", marks)
        self.page.evaluate("document.getElementById('step-marks').dataset.state = 'asked'")
        self.page.get_by_role("button", name="Đối chiếu dấu xác thực").click()
        self.page.wait_for_selector("#step-marks:not([data-state='asked'])")
        return self.sentence()

    def sentence(self) -> str:
        return self.page.inner_text("#sentence")

    def step(self, key: str) -> str:
        return self.page.inner_text(f"#step-{key}")

    def rows(self, table: str) -> list[list[str]]:
        """The texts of a table's cells."""
        found: list[list[str]] = self.page.evaluate(
            "id => [...document.querySelectorAll(`#${id} tbody tr`)].map(row => [...row.cells].map(cell => cell.innerText))",
            table,
        )
        return found
