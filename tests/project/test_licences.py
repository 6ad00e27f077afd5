"""docs/licences.md lists every pinned package with the licence that its own metadata names."""

import re

import pytest

from tests import licences
from tests.licences import LISTS, PAGE, pins, stated

TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\S+) \| (\S+) \| \*{0,2}(.+?)\*{0,2} \| (.+) \|$", re.MULTILINE)


def listed(name: str) -> dict[str, tuple[str, str]]:
    """The packages of one table of the page: name -> version and licence."""
    part = TEXT.split(f"<!-- {name} -->")[1].split(f"<!-- end of {name} -->")[0]
    return {package: (version, licence) for package, version, licence, _ in ROW.findall(part)[1:]}


@pytest.mark.parametrize("name", LISTS)
def test_every_pinned_package_is_listed_with_its_version_and_licence(name: str) -> None:
    expected = {package: (version, stated(package)) for package, version in pins(name)}
    assert len(expected) >= 50
    assert listed(name) == expected, "run `make licences`"


def test_the_tables_are_what_make_licences_would_write() -> None:
    assert licences.written(TEXT) == TEXT, "run `make licences`"


@pytest.mark.parametrize(
    "package,licence",
    [
        ("psycopg", "LGPL-3.0-only"),  # License-Expression
        ("certifi", "MPL-2.0"),  # License
        ("jinja2", "BSD License"),  # classifiers
        ("altair", "BSD License"),  # the same: its License is the whole text
        ("extra-streamlit-components", "MIT License"),  # the same: its License is UNKNOWN
        ("axe-playwright-python", "MIT License"),  # the first line of its licence file
    ],
)
def test_a_licence_is_named_in_one_of_four_ways(package: str, licence: str) -> None:
    assert stated(package) == licence


def test_a_new_package_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "pins", lambda name: [*pins(name), ("pip", "0.0")])
    assert licences.written(TEXT).count("| pip | 0.0 | MIT | ") == len(LISTS)


def test_an_unreviewed_licence_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "stated", lambda _package: "AGPL-3.0-only")
    with pytest.raises(KeyError):
        licences.table("requirements.txt")


def test_copyleft_stands_out_and_is_explained() -> None:
    marked = re.findall(r"^\| (\S+) \| \S+ \| \*\*", TEXT, re.MULTILINE)
    assert {"psycopg", "psycopg-binary", "certifi", "tqdm", "hypothesis", "pathspec"} == set(marked)
    explained = TEXT.split("## What follows for distribution")[1].split("\n## ")[0]
    assert [package for package in marked if f"`{package}`" not in explained] == []
