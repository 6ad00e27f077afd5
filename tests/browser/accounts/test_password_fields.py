"""Every form that asks for a password has the account's name in a field before it, for password managers."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from core.desk.accounts import accounts, password_resets
from core.rules.access import Principal, Role
from core.store.engine import connect
from tests.browser.person import Visit, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
ADMIN = Principal("quantri", "", frozenset({Role.ADMIN}), "0" * 64)
FIELDS = """() => [...document.querySelectorAll("input[autocomplete]")]
  .filter(field => ["username", "current-password", "new-password"].includes(field.autocomplete))
  .map(field => field.type === "password" ? field.autocomplete : `${field.autocomplete} ${field.value}`)"""
NEW = ["new-password", "new-password"]


def fields(page: Page) -> list[str]:
    """The fields that a password manager reads, in page order; for a username also its value."""
    found: list[str] = still(page).evaluate(FIELDS)
    name = page.locator("input[autocomplete='username']")
    expect(name).to_be_visible()
    expect(name).to_have_attribute("readonly", "")
    assert name.evaluate("field => field.labels[0].textContent").strip() == "Tài khoản"
    return found


def test_where_a_password_is_changed_or_typed_again(demo: Server, visit: Callable[..., Visit]) -> None:
    account = visit(demo).signed_in("gk02", "/account")
    assert fields(account) == ["username gk02", "current-password", *NEW]
    assert fields(visit(demo).signed_in("gk01", "/panel")) == ["username gk01", "current-password"]


def test_behind_a_reset_link_and_at_the_first_sign_in(demo: Server, visit: Callable[..., Visit]) -> None:
    store, now = connect(demo.database_url), datetime.now(UTC)
    try:
        temporary = accounts.add(store, ADMIN, "moi-den", "Người Mới", [Role.CHANNEL], now)
        secret = password_resets.reset_link(store, ADMIN, "thuky", now)
    finally:
        store.close()
    person = visit(demo)
    assert fields(person.open(f"/reset?link={secret}")) == ["username thuky", *NEW]
    for name, value in demo.cookies("moi-den", temporary).items():
        person.context.add_cookies([{"name": name, "value": value, "url": demo.origin}])
    assert fields(person.open("/")) == ["username moi-den", "current-password", *NEW]
