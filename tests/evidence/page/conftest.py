"""Chromium for the tests of the page that checks evidence."""

from tests.browser.conftest import browser, playwright

__all__ = ["browser", "playwright"]
