"""Run every script of the bench one after another, each in its own process. python -m bench.all [--quick] [--markdown]

`--markdown` prints the table of the README. The exit status is 1 where a script fails; a missed target is only printed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import table
from bench.served import DATABASES_VARIABLE
from bench.table import Figure

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = (
    "live_viewers",
    "submit_to_seen",
    "web_saves",
    "saves_beside_jobs",
    "durable_saves",
    "marking_interaction",
    "film_memory",
    "film_check",
    "upload_film",
    "twins",
    "standings_after_sheet",
    "rank_from_files",
    "xlsx_preview",
    "full_recount",
    "evidence",
    "server_memory",
    "first_page",
)


def main() -> int:
    """Run all scripts, print the table, the failed scripts and the missed targets; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, in under two minutes")
    parser.add_argument("--markdown", action="store_true", help="the table of the README")
    arguments = parser.parse_args()
    about, figures, failed = table.machine(), [], []
    with tempfile.TemporaryDirectory(prefix="bench-databases-") as databases:
        for script in SCRIPTS:
            print(f"{script} …", file=sys.stderr, flush=True)
            try:
                figures += list(figures_of(script, quick=arguments.quick, databases=databases))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(error, file=sys.stderr, flush=True)
                failed.append(script)
    print(f"{about}; {table.QUICK}" if arguments.quick else about, end="\n\n")
    print(table.markdown(figures) if arguments.markdown else table.text(figures))
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    missed = [figure.what for figure in figures if figure.reached is False]
    print(f"\nmissed: {'; '.join(missed)}" if missed else "\nevery figure is reached")
    return 1 if failed else 0


def figures_of(script: str, *, quick: bool, databases: str) -> Iterator[Figure]:
    """Run one script and yield the figures it prints. Raises RuntimeError where it fails.

    `databases` is the folder where filled databases are stored for the scripts that follow.
    """
    command = [sys.executable, "-m", f"bench.{script}", "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, DATABASES_VARIABLE: databases},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr[-2000:]}")
    for line in done.stdout.splitlines():
        yield Figure(**json.loads(line))


if __name__ == "__main__":
    sys.exit(main())
