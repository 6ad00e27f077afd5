"""The commands in docs/operating.md are valid, and its files work together."""

import argparse
import os
import re
import shlex
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from core import cli
from core.settings import sqlite_url
from core.store.database.database_url import SQLITE_PATH_BYTES
from core.store.engine import connect
from core.store.migrate import migrate
from tests.cli.commands import SON_LA, Commands, core
from tests.serving.databases import Cluster
from tests.serving.servers import ROOT

__all__ = ["core"]
DOCS = ROOT / "docs"
PAGE = (DOCS / "operating.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
DESK = re.compile(rf"\bdesk (?=(?:{'|'.join(cli.MODULES)})\b)(.+)")
UNITS = ("desk.service", "desk@.service", "desk-backup.service", "desk-backup.timer")


def typed() -> list[str]:
    """Every command of the desk in the page's code blocks, without the shell syntax around it."""
    return [found[1] for block in BLOCKS for line in block.splitlines() if (found := DESK.search(line))]


def test_the_commands_of_the_page_are_found() -> None:
    assert len(typed()) >= 7 and {line.split()[0] for line in typed()} >= {
        "init",
        "import",
        "account",
        "grants",
        "restore",
        "verify",
    }


@pytest.mark.parametrize("line", typed())
def test_every_command_of_the_page_is_understood(line: str) -> None:
    words = shlex.split(line)
    parser = argparse.ArgumentParser(exit_on_error=False)
    cli.command(words[0]).add(parser, str)
    parser.parse_args(words[1:])


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_is_a_script_a_shell_reads(block: str) -> None:
    subprocess.run(["sh", "-n"], input=block, text=True, check=True)


def test_every_file_it_names_is_there() -> None:
    names = set(re.findall(r"\bdocs/[\w.@-]+\w", PAGE))
    assert {f"docs/{unit}" for unit in UNITS} <= names | {"docs/desk-backup.timer"} and len(names) >= 6
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_longest_path_it_promises_is_accepted() -> None:
    promised = re.search(r"at most about (\d+) bytes", PAGE)
    assert promised is not None and int(promised[1]) <= SQLITE_PATH_BYTES


def test_its_table_of_encodings_is_correct() -> None:
    rows = re.search(r"\| character \|(.+)\|\n\|[-|]+\n\| written \|(.+)\|", PAGE)
    assert rows is not None
    signs, codes = ([cell.strip().strip("`") for cell in row.split("|")] for row in rows.groups())
    table = {sign.replace("space", " "): code for sign, code in zip(signs, codes, strict=True)}
    assert table == {sign: f"%{ord(sign):02X}" for sign in "@/#?%: "}


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DOCS / name).read_text().replace("/usr/local/bin/desk", str(DOCS / "desk.sh"))
        (tmp_path / name.replace("@", "@8501")).write_text(text.replace("/srv/desk/code", str(ROOT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_one_process_and_several_are_served_alike() -> None:
    def run(name: str) -> list[str]:
        lines = (DOCS / name).read_text().splitlines()
        return [line for line in lines if not line.startswith(("#", "Description="))]

    assert [line.replace("%i", "8501") for line in run("desk@.service")] == run("desk.service")


def test_the_nightly_backup_is_the_command_and_its_file_name_contains_the_date(tmp_path: Path) -> None:
    line = re.search(r"^ExecStart=/bin/sh -c '(.+)'$", (DOCS / "desk-backup.service").read_text(), re.MULTILINE)
    assert line is not None
    script = line[1].replace("$$", "$").replace("%%", "%").replace("/usr/local/bin/desk", "echo")
    out = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"backup /srv/desk/backups/desk-\d{4}-\d\d-\d\d-\d{4}\.copy\n", out)


class TestDeskScript:
    """docs/desk.sh, with a settings file in the form that systemd reads."""

    @pytest.fixture
    def settings_folder(self, tmp_path: Path) -> Path:
        url = sqlite_url(tmp_path / "dữ liệu & 100%" / "desk.db")
        (tmp_path / "desk.env").write_text(f'DATA_DIR="{tmp_path}/dữ liệu & 100%"\nDATABASE_URL="{url}"\n')
        with closing(connect(url)) as store:
            migrate(store)
        return tmp_path

    def run(self, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": os.environ["PATH"], "DESK_ENV": str(folder / "desk.env"), "DESK_CODE": str(ROOT)}
        return subprocess.run(
            ["sh", str(DOCS / "desk.sh"), *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_passes_on_the_settings_and_every_argument(self, settings_folder: Path) -> None:
        done = self.run(
            settings_folder, "account", "add", "gk.lan", "--name", "Lò Thị 'Lan' (H) & B", "--roles", "judge"
        )
        assert done.returncode == 0, done.stderr
        assert self.run(settings_folder, "account", "list").stdout == "gk.lan\tLò Thị 'Lan' (H) & B\tjudge\n"

    def test_returns_the_exit_status(self, settings_folder: Path) -> None:
        assert (self.run(settings_folder, "verify").returncode, self.run(settings_folder, "nothing").returncode) == (
            cli.REFUSED,
            cli.USAGE,
        )


def test_the_roles_are_made_as_the_page_says(core: Commands, cluster: Cluster, tmp_path: Path) -> None:
    block = re.search(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert block is not None
    cluster.passwords |= {"desk_owner": "owner-password", "desk": "desk-password"}
    environment = {**os.environ, "PGPASSWORD": cluster.passwords["postgres"]}
    psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", f"host={cluster.directory} port={cluster.port} user=postgres"]
    try:
        subprocess.run([*psql, "-f", "-"], input=block[1], text=True, env=environment, check=True)
        assert core("grants", "desk", DATABASE_URL=cluster.url("desk", "desk_owner"))[::2] == (cli.DONE, "")
        core.environment["DATABASE_URL"] = cluster.url("desk", "desk")
        assert core("init", "--contest", SON_LA)[0] == cli.DONE
        assert core("backup", str(tmp_path / "copy"))[0] == cli.DONE
        assert core("verify")[0] == cli.DONE
    finally:
        for statement in (
            "drop database if exists desk with (force)",
            "drop role if exists desk",
            "drop role if exists desk_owner",
        ):
            cluster.sql(statement)
