"""Our cookies and headers are named in one register (`core.http_names`); what HTTP itself names is written where it is used."""

import ast
import re
from pathlib import Path

from core import http_names
from tests.project.test_imports import ROOT

REGISTER = ROOT / "core" / "http_names.py"
IDENTITY_HEADERS = (http_names.ADDRESS_HEADER, http_names.USER_HEADER, http_names.SESSION_HEADER)
COOKIES = (http_names.SESSION, http_names.BROWSER, http_names.DEVICE, http_names.LANGUAGE)
OF_OTHERS = frozenset({"x-forwarded-for", "x-content-type-options", "x-frame-options", "x-accel-buffering"})
X_HEADER = re.compile(r"\bx-[a-z]+(?:-[a-z]+)*")
COOKIE = re.compile(r"cookies?(?:\.get\(|\[)\s*f?[\"']")  # a cookie asked for by a literal


def modules() -> list[Path]:
    """Every module that serves requests, the register itself aside."""
    return [
        ROOT / "app.py",
        *(path for name in ("core", "pages") for path in (ROOT / name).rglob("*.py") if path != REGISTER),
    ]


def literals(source: str) -> set[str]:
    """The headers named in a module's string and bytes literals, docstrings aside."""
    tree, found = ast.parse(source), set[str]()
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in texts:
            text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
            found |= set(X_HEADER.findall(text.lower()))
    return found


def test_no_other_module_names_a_header_of_ours() -> None:
    named = {path.relative_to(ROOT).as_posix(): literals(path.read_text("utf-8")) - OF_OTHERS for path in modules()}
    assert {path: names for path, names in named.items() if names} == {}


def test_no_module_asks_for_a_cookie_by_a_literal() -> None:
    found = [path.name for path in modules() if COOKIE.search(text := path.read_text("utf-8")) or "__Host-" in text]
    assert found == []


def test_the_scripts_name_headers_of_the_register_alone() -> None:
    named = set[str]()
    for script in (ROOT / "core" / "web" / "static").glob("*.js"):
        named |= set(re.findall(r"\"(x-[a-z-]+)\"", script.read_text("utf-8")))
    assert named - {"x-thin-open"} == {
        http_names.SHEET_OWNER_HEADER,
        http_names.ENTRY_LINK_HEADER,
    }  # the former is a sign in a chart


def test_a_literal_planted_in_a_module_would_be_found() -> None:
    assert literals('headers[b"X-JD-User"] = 1') == {"x-jd-user"}
    assert literals('"""x-jd-user is told."""') == set()
    assert COOKIE.search('request.cookies.get("desk")') and COOKIE.search("cookies['lang']")


def test_every_identity_header_has_the_prefix_that_the_gate_removes() -> None:
    assert all(name.startswith(http_names.IDENTITY_PREFIX) for name in IDENTITY_HEADERS)


def test_a_cookie_bound_to_the_host_is_named_so_with_https_alone() -> None:
    assert [cookie.name(secure=True) for cookie in COOKIES] == [
        "__Host-desk", "__Host-browser", "__Host-device", "lang",
    ]  # fmt: skip
    assert [cookie.name(secure=False) for cookie in COOKIES] == ["desk", "browser", "device", "lang"]
    assert http_names.BROWSER.value({"__Host-browser": "a", "browser": "b"}) == "a"
    assert http_names.BROWSER.value({"browser": "b"}) == "b" and not http_names.BROWSER.value({})
