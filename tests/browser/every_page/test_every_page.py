"""Every page for every role that may open it: at 360 px, in both colour schemes, checked by axe and the browser's
console.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame

from core.desk.demo.material import people
from core.rules.access import Role
from pages.kit import pages_registry as pages
from tests.browser.person import Visit, serious, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
STRANGER = ""
VISITORS: dict[str, frozenset[Role]] = {
    STRANGER: frozenset(),
    **{who.username: who.roles for who in people() if who.username not in {"gk03", "gk04", "gk05"}},
}
ORGANISERS = frozenset({Role.CHIEF, Role.SECRETARY, Role.COMMITTEE})
WIDER = """() => [document.documentElement, ...document.querySelectorAll("[data-testid='stMain']")]
  .filter(part => part.scrollWidth > Math.max(part.clientWidth, part === document.documentElement ? innerWidth : 0) + 1)
  .map(part => `${part.tagName} ${part.dataset.testid ?? ""} ${part.scrollWidth} > ${part.clientWidth}`)"""

IN_ENGLISH = """() => [...document.querySelectorAll("[aria-label],[title],[placeholder]")]
  .flatMap(named => ["aria-label", "title", "placeholder"].map(name => named.getAttribute(name) ?? ""))
  .filter(name => /^[A-Za-z][a-z]+( [a-z]+)*([.…]*|, .*)$/.test(name))"""

PLAIN_VIETNAMESE = {"Trang sau", "Ban, tổ"}  # Vietnamese that begins like English


def addresses(username: str) -> list[str]:
    """Every address with content of its own for this visitor, and one that is refused."""
    roles = VISITORS[username]
    found = ["/", "/reset", "/board/progress?hall=1"]
    found += [f"/{page.address}" for page in pages.ALL if page.roles is None or page.roles & roles]
    found += [f"/{next(page.address for page in pages.ALL if page.roles is not None and not page.roles & roles)}"]
    if Role.JUDGE in roles:
        found += ["/marking?work=T-417", "/marking?work=T-643", "/sheet/T-207"]
    if roles & ORGANISERS:
        found += ["/board", "/board?hall=1", "/board/charts"]
    return list(dict.fromkeys(found))


def wider(frame: Frame) -> list[str]:
    return [f"{frame.url}: {part}" for part in frame.evaluate(WIDER)]


@pytest.mark.parametrize("phone,dark", [(True, False), (False, True)], ids=["phone", "desktop-dark"])
@pytest.mark.parametrize("username", VISITORS, ids=lambda who: who or "stranger")
def test_every_page_fits_reads_and_is_clean(
    demo: Server, visit: Callable[..., Visit], username: str, phone: bool, dark: bool
) -> None:
    person = visit(demo, phone=phone, dark=dark)
    page = person.signed_in(username) if username else person.open("/")
    wrong: list[str] = []
    for address in addresses(username):
        page.goto(demo.origin + address)
        still(page)
        if page.title().strip() in {"", "Streamlit"}:
            wrong.append(f"{address} has no title")
        wrong += [f"{address}: {part}" for frame in page.frames for part in wider(frame)]
        wrong += [f"{address}: {line}" for line in serious(page)]
        named = {name for frame in page.frames for name in frame.evaluate(IN_ENGLISH)}
        wrong += [f"{address}: named {name}" for name in sorted(named - PLAIN_VIETNAMESE)]
    assert wrong == []
