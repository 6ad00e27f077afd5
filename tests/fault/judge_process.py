"""A separate process in which judges mark through the desk. It prints a line after each acknowledged change.

python -m tests.fault.judge_process URL ROUND
One line on standard output for each acknowledgement: "draft JUDGE CODE VERSION" or "sealed JUDGE CODE REVISION".
"""

import os
import sys
import threading
from collections.abc import Iterable
from itertools import count

from core.desk.judging import judge_assignment, judge_sheets
from core.desk.judging.judge_sheets import Change
from core.rules.access import Principal, Role
from core.rules.words import Refusal
from core.store.engine import Store, connect
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, MINH, NOW, assigned_panel, joined, person

COMMITTEE = person("ban", Role.COMMITTEE)  # returns the chief's own sheets
ALWAYS = count(1)  # one counter for all threads: each gets other numbers


def opened(store: Store) -> Store:
    """Open the contest in which these judges mark, and add a committee account."""
    joined(assigned_panel(store), COMMITTEE)
    return store


def main(url: str, number: str) -> None:
    """Mark in one thread per judge and work until the process is killed."""
    store = connect(url)
    judges = [
        threading.Thread(target=mark, args=(store, who, code, number))
        for who in (LAN, MINH, CHIEF)
        for code in CODES[:3]
    ]
    for judge in judges:
        judge.start()


def mark(store: Store, who: Principal, code: str, number: str, turns: Iterable[int] = ALWAYS) -> None:
    """Fill in the sheet, submit it and have it returned, once for each of `turns`."""
    for turn in turns:
        try:
            turn_of(store, who, code, f"{who.username}-{code}-{number}-{turn:06}")
        except Refusal:  # the database is unavailable for a while
            continue


def turn_of(store: Store, who: Principal, code: str, key: str) -> None:
    with store.read() as connection:
        sheet = judge_assignment.assignment_of_judge(connection, who.username, code).sheet
    version = sheet.version
    if sheet.state == "sealed":
        judge_sheets.return_sheet(store, COMMITTEE if who is CHIEF else CHIEF, who.username, code, "Xem lại.", NOW)
        version += 1
    for mark in ("20", "38,5"):
        change = Change({"ND": mark, "ST": "17" if mark == "20" else "16,5"}, {"": key})
        version = judge_sheets.save(store, who, code, change, version, NOW).version
        say(f"draft {who.username} {code} {version}")
    receipt = judge_sheets.submit(store, who, code, version, key, NOW)
    say(f"sealed {who.username} {code} {receipt.revision}")


def say(line: str) -> None:
    """Print a line with a single write to the pipe, so that a kill never leaves half of it."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
