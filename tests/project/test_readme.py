"""The README names every setting and every command, and only files that exist."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from core import cli
from core.settings import BadSetting, read
from tests.serving.servers import ROOT

README = (ROOT / "README.md").read_text()
SETTINGS_SOURCE = (ROOT / "core" / "settings.py").read_text()
READ_IN = SETTINGS_SOURCE + (ROOT / "core" / "service_settings.py").read_text()
SETTINGS = sorted(set(re.findall(r"""(?:given\.get\(|_yes\(|given\[)"([A-Z_]+)\"""", READ_IN)))


def first_column(heading: str) -> set[str]:
    """The names in the first column of the table under this heading."""
    rows = README.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_the_table_names_every_setting_and_no_other() -> None:
    assert len(SETTINGS) >= 11
    assert first_column("setting") == set(SETTINGS)


def test_the_settings_own_page_names_them_too() -> None:
    page = SETTINGS_SOURCE.split('"""')[1]
    assert [name for name in SETTINGS if f"`{name}`" not in page] == []


def test_no_other_file_reads_the_environment_for_a_setting_of_its_own() -> None:
    strays = [
        f"{path.relative_to(ROOT)}: {name}"
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "settings.py"
        for name in re.findall(r"""environ(?:\.get\(|\[)"([A-Z_]+)\"""", path.read_text())
    ]
    assert strays == []


def test_the_table_names_every_command_and_no_other() -> None:
    assert first_column("command") == set(cli.MODULES)


@pytest.mark.parametrize("line", re.findall(r"^ +\.venv/bin/python -m core (.+?)(?: +#.*)?$", README, re.MULTILINE))
def test_every_command_line_of_the_readme_is_understood(line: str) -> None:
    words = shlex.split(line)
    parser = argparse.ArgumentParser(exit_on_error=False)
    cli.command(words[0]).add(parser, str)
    parser.parse_args(words[1:])


LINK = re.compile(r"\]\(([\w./@-]+?)(?:#[\w-]+)?\)")
FILE = re.compile(r"`((?:docs|data|core|tests|bench)/[\w./-]+)`")
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/licences.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_it_names_is_there(page: Path) -> None:
    text = page.read_text()
    named = {*(ROOT / name for name in FILE.findall(text)), *(page.parent / link for link in LINK.findall(text))}
    assert named
    assert [path for path in named if not path.exists() and path != ROOT / "data" / "var"] == []


def test_it_links_to_every_page_for_people() -> None:
    pages = {path.name for path in ROOT.glob("*.md")} | {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert {"CONTRIBUTING.md", "docs/licences.md"} <= pages
    assert pages - {"README.md"} - set(LINK.findall(README)) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_of_make_it_names_is_there(page: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE))
    assert named and named <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_service_and_the_site_agree_and_are_settings_the_desk_takes() -> None:
    service, site, env_file = (
        (ROOT / "docs" / name).read_text() for name in ("desk.service", "nginx.conf", "desk.env")
    )
    environment = dict(re.findall(r"^(?:# )?([A-Z_]+)=\"?(.*?)\"?$", env_file, re.MULTILINE))
    assert set(environment) <= set(SETTINGS) and len(environment) >= 5
    given = read(environment)
    assert given.behind_tls_proxy
    name = given.public_origins[0].removeprefix("https://")
    assert f"server_name {name};" in site and f"PUBLIC_ORIGIN=https://{name}" in site
    assert "--server.port 8501" in service and "server 127.0.0.1:8501;" in site
    assert "EnvironmentFile=/etc/desk/desk.env" in service and "Environment=" not in service
    with pytest.raises(BadSetting):
        read({**environment, "PUBLIC_ORIGIN": name})
