"""The status line at the foot of the sheet is right after every sequence of events; data stored in a tab belongs to
one account.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from core.desk.judging import judge_queue, judge_sheets
from core.rules.access import Principal, Role
from core.store.engine import connect
from core.store.migrate import migrate
from tests.browser.judge.test_judge_line import HEARD
from tests.browser.person import Visit, still
from tests.fixtures.contest_with_sheets import CODES, JUDGES, PASSWORD, open_contest
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
JUDGE, OTHER = (username for username, _ in JUDGES[:2])
FIVE = ("30", "15", "15", "12", "4")
SAVED = re.compile(r"Đã lưu \d\d:\d\d:\d\d")
SAID = "said => document.getElementById('save-state').heard.some(text => text.includes(said))"
STORED = "() => JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with twelve works, five judges and no sheet begun."""
    folder = tmp_path_factory.mktemp("unmarked")
    store = connect(f"sqlite:///{folder / 'desk.db'}")
    migrate(store)
    open_contest(store, sheets=0)
    store.close()
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="module")
def works() -> Iterator[str]:
    """The works' codes, one per test, so that no test finds another's input."""
    return iter(CODES)


def signed(context: BrowserContext, server: Server, username: str) -> None:
    """Sign this browser in as this judge."""
    for name, value in server.cookies(username, PASSWORD).items():
        context.add_cookies([{"name": name, "value": value, "url": server.origin}])


def sheet(person: Visit, code: str) -> Page:
    """The sheet's page without Streamlit around it, once its script has loaded."""
    page = person.context.new_page()
    page.goto(f"{person.server.origin}/sheet/{code}")
    expect(page.locator("#notes li").first).to_be_attached()
    return page


def typed(page: Page, text: str, at: int = 0) -> None:
    field = page.locator("input.mark").nth(at)
    field.fill(text)
    field.blur()


def foot(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#save-state")).to_have_text(text)


@dataclass
class Once:
    """Refuses one save with this status."""

    status: int
    body: dict[str, str]
    done: bool = False

    def refuse(self, route: Route) -> None:
        if route.request.method != "PATCH" or self.done:
            return route.fallback()
        self.done = True
        return route.fulfill(status=self.status, json=self.body)


@pytest.fixture
def person(server: Server, visit: Visitor) -> Visit:
    arrived = visit(server)
    signed(arrived.context, server, JUDGE)
    return arrived


def in_conflict(person: Visit, server: Server, visit: Visitor, works: Iterator[str]) -> tuple[Page, Page]:
    """Two browsers of one judge: the first has saved 10; the second has typed 12 on an older version."""
    code = next(works)
    elsewhere = visit(server)
    signed(elsewhere.context, server, JUDGE)
    there, here = sheet(elsewhere, code), sheet(person, code)
    typed(there, "10")
    foot(there, SAVED)
    typed(here, "12")
    expect(here.locator("#conflict")).to_be_visible()
    foot(here, "Chưa lưu: hãy chọn bản giữ lại")
    return here, there


def test_after_their_version_is_taken_the_foot_says_saved(
    person: Visit, server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    here, _there = in_conflict(person, server, visit, works)
    here.locator("#keep-theirs").click()
    expect(here.locator("input.mark").first).to_have_value("10,0")
    foot(here, SAVED)
    expect(here.locator("#conflict")).to_be_hidden()


def test_after_one_s_own_is_kept_the_foot_says_saved(
    person: Visit, server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    here, _there = in_conflict(person, server, visit, works)
    typed(here, "12,5")  # typing on while the choice is open: the choice shows it
    expect(here.locator("#conflict tbody")).to_contain_text("12,5")
    here.locator("#keep-mine").click()
    foot(here, SAVED)
    expect(here.locator("#total")).to_have_text("12,5")


def test_a_conflict_survives_a_reload_and_a_second_change_elsewhere(
    person: Visit, server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    here, there = in_conflict(person, server, visit, works)
    here.on("dialog", lambda dialog: dialog.accept())
    here.reload()
    expect(here.locator("#conflict")).to_be_visible()
    foot(here, "Chưa lưu: hãy chọn bản giữ lại")
    typed(there, "5", at=1)
    foot(there, SAVED)
    here.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    expect(here.locator("input.mark").nth(1)).to_have_value("5,0")
    expect(here.locator("#conflict tbody")).to_contain_text("12")
    here.locator("#submit-open").click()
    expect(here.locator("#keep-mine")).to_be_focused()  # what keeps the sheet from being submitted
    here.locator("#keep-mine").click()
    foot(here, SAVED)
    expect(here.locator("#total")).to_have_text("17,0")


def test_a_refused_mark_set_right_again(person: Visit, works: Iterator[str]) -> None:
    page = sheet(person, next(works))
    foot(page, "Tự lưu mọi thay đổi")
    typed(page, "30")
    foot(page, SAVED)
    page.locator("input.mark").first.fill("99")
    foot(page, "Đang nhập, chưa lưu")  # no error message yet
    page.locator("input.mark").first.blur()
    foot(page, "Có ô nhập chưa đúng nên chưa được lưu")
    typed(page, "30")
    foot(page, SAVED)
    assert page.evaluate(STORED) == "{}{}"


def test_off_the_line_and_on_again(person: Visit, works: Iterator[str]) -> None:
    page = sheet(person, next(works))
    typed(page, "30")
    foot(page, SAVED)
    person.context.set_offline(True)
    typed(page, "31")
    foot(page, re.compile("Chưa lưu được"))
    page.locator("#submit-open").click()
    foot(page, re.compile("Chưa lưu được"))
    person.context.set_offline(False)
    foot(page, SAVED)
    expect(page.locator("#total")).to_have_text("31,0")


def test_a_review_that_did_not_come_through_is_forgotten_with_the_next_save(
    person: Visit, works: Iterator[str]
) -> None:
    page = sheet(person, next(works))
    for at, text in enumerate(FIVE):
        typed(page, text, at)
    foot(page, SAVED)
    page.route("**/api/sheet/*", lambda route: route.abort() if route.request.method == "GET" else route.fallback())
    page.locator("#submit-open").click()
    foot(page, re.compile("Không liên lạc được"))
    typed(page, "31")
    foot(page, SAVED)


def test_what_a_server_or_a_proxy_refuses_is_sent_again_and_the_page_stays(person: Visit, works: Iterator[str]) -> None:
    page = sheet(person, next(works))
    page.evaluate("window.stayed = true")
    bad = {"refused": "Yêu cầu không đúng dạng; hãy tải lại trang."}
    cases: tuple[tuple[int, dict[str, str], str], ...] = (
        (429, bad, "Chưa lưu được"),
        (400, bad, "Yêu cầu không đúng dạng"),
        (413, {}, "Chưa lưu được"),
    )
    for mark, (status, body, said) in enumerate(cases, start=30):
        once = Once(status, body)
        page.route("**/api/sheet/*", once.refuse)
        page.locator("#save-state").evaluate(HEARD)
        typed(page, str(mark))
        page.wait_for_function(SAID, arg=said)  # for a second only
        foot(page, SAVED)
        expect(page.locator("#total")).to_have_text(f"{mark},0")
        page.unroute("**/api/sheet/*")
    assert page.evaluate("window.stayed") is True


def test_signed_out_and_in_again(person: Visit, server: Server, works: Iterator[str]) -> None:
    page = sheet(person, next(works))
    typed(page, "30")
    foot(page, SAVED)
    person.context.clear_cookies()
    typed(page, "31")
    foot(page, re.compile("Phiên đăng nhập đã kết thúc"))
    signed(person.context, server, JUDGE)
    foot(page, SAVED)
    expect(page.locator("#total")).to_have_text("31,0")


def test_sealed_in_another_browser(person: Visit, server: Server, visit: Visitor, works: Iterator[str]) -> None:
    here = visit(server)
    signed(here.context, server, JUDGE)
    page = sheet(here, next(works))
    for at, text in enumerate(FIVE):
        typed(page, text, at)
    foot(page, SAVED)
    code, judge = page.url.rsplit("/", 1)[1], Principal(JUDGE, JUDGE, frozenset({Role.JUDGE}), "0" * 64)
    store = connect(server.database_url)
    try:
        held = judge_queue.open_sheet(store, judge, code, datetime.now(UTC))
        judge_sheets.submit(store, judge, code, held.version, "key-of-another-browser", datetime.now(UTC))
    finally:
        store.close()
    typed(page, "31")
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator("#save-state")).to_have_count(0)
    expect(page.locator("#field-notice")).to_contain_text("31")  # the sheet says what could not be saved


def test_the_next_judge_in_the_tab_sees_and_saves_nothing_of_the_first(
    server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    """docs/security.md, Sessions: one judge typed without sending; another signs in in the same tab."""
    code = next(works)
    person = visit(server)
    signed(person.context, server, JUDGE)
    page = sheet(person, code)
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("sessionStorage.setItem('sealed', 'T-000'); sessionStorage.setItem('sheet:T-000', '{}')")
    page.locator("details.levels summary").first.click()
    page.route("**/api/sheet/**", lambda route: route.abort())
    typed(page, "38,5")
    page.locator("#remark-").fill("NHẬN XÉT RIÊNG")
    page.wait_for_function("() => JSON.stringify({...sessionStorage}).includes('NHẬN XÉT RIÊNG')")
    stored = page.evaluate(STORED)
    assert JUDGE not in stored and '"levels"' in stored

    page.goto("about:blank")
    page.unroute("**/api/sheet/**")
    signed(person.context, server, OTHER)
    page.goto(f"{server.origin}/sheet/{code}")
    expect(page.locator("#notes li").first).to_be_attached()
    assert [each.input_value() for each in page.locator("#marks [data-field]").all()] == [""] * 11
    assert page.evaluate(STORED) == "{}{}"
    foot(page, "Tự lưu mọi thay đổi")
    page.wait_for_timeout(1_000)
    assert page.evaluate("async code => (await (await fetch(`/api/sheet/${code}`)).json()).version", code) == 0


def test_the_first_page_of_the_next_judge_deletes_what_the_first_typed(
    server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    person = visit(server)
    signed(person.context, server, JUDGE)
    page = sheet(person, next(works))
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/api/sheet/**", lambda route: route.abort())
    typed(page, "38,5")
    page.wait_for_function("() => Object.keys(sessionStorage).length > 0")
    signed(person.context, server, OTHER)
    page.goto(f"{server.origin}/queue")
    still(page)
    page.wait_for_function("() => !JSON.stringify({...sessionStorage}).includes('38,5')")


def test_a_window_of_the_first_judge_saves_nothing_as_the_second(
    server: Server, visit: Visitor, works: Iterator[str]
) -> None:
    code = next(works)
    person = visit(server)
    signed(person.context, server, JUDGE)
    page = sheet(person, code)
    signed(person.context, server, OTHER)  # in another window
    typed(page, "38,5")
    expect(page.locator("input.mark").first).to_have_value("")  # the page has reloaded as the second judge's
    assert page.evaluate(STORED) == "{}{}"
    assert page.evaluate("async code => (await (await fetch(`/api/sheet/${code}`)).json()).version", code) == 0
