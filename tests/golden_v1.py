"""The contest that is kept in `tests/golden/v1` as a database, a backup and what both export. `python -m tests.golden_v1 FOLDER`

Written once, by the release that froze version 1, and never again: a later release has to open what lies there. It is run only
to make the files of a new version, beside these.
"""

import sys
from datetime import timedelta
from pathlib import Path

from core.desk import (
    accounts,
    awarding,
    chairing,
    erasure,
    interactions,
    judging,
    passwords,
    recusing,
    reopening,
    safekeeping,
)
from core.desk.again import Sure
from core.desk.judging import Change
from core.rules.access import Principal, Role
from core.settings import sqlite_url
from core.store.engine import Store, connect
from core.store.migrate import migrate
from tests.desk.a_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, joined, person, seated

COMMITTEE = person("ban", Role.COMMITTEE)
MEETING = NOW + timedelta(days=30)
SIDE = """
[[prizes]]
key = "PHU"
name = "Giải được yêu thích"
quantity = 1
amount = 1000000
by = "interaction"
[interactions]
reactions = 1
comments = 1
shares = 2
views = 0
"""


def played(store: Store) -> None:
    """A row of nearly every event: drafts, a return, a recusal, an erased work, counts opened again, a prize withheld."""
    passwords.hashed = lambda _: "x"  # type: ignore[assignment]
    joined(seated(store, judging=SIDE), COMMITTEE)
    sealed(store, LAN, CODES[0], "38,5", "17")
    sealed(store, MINH, CODES[0], "36", "16")
    sealed(store, LAN, CODES[1], "30", "15")
    judging.return_sheet(store, CHIEF, "lan", CODES[1], "Chênh 20 điểm so với hội đồng.", NOW)
    judging.save(store, LAN, CODES[1], Change({"ND": "35"}, {"ND": "Đã xem lại."}), 3, NOW)
    judging.submit(store, LAN, CODES[1], 4, f"lan-{CODES[1]}-{'1' * 16}", NOW)
    recusing.declare(store, MINH, CODES[2], "Người nhà tham gia.", NOW)
    accounts.add(store, accounts.SYSTEM, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    accounts.deactivate(store, accounts.SYSTEM, "gk.moi", NOW)
    for code, reactions in ((CODES[0], "80"), (CODES[1], "120")):
        typed = {"reactions": reactions, "comments": "1", "shares": "2", "views": "900"}
        interactions.enter(store, CHANNEL, code, typed, NOW, NOW)
    chairing.close(store, Sure(CHIEF), "Đủ phiếu để xếp hạng.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    seen = reopening.reopening(store, COMMITTEE).seen
    reopening.reopen(store, COMMITTEE, "Nhập thiếu một bài.", seen, MEETING)
    interactions.freeze(store, CHANNEL, MEETING)
    awarding.withhold(store, COMMITTEE, "NHAT", 1, "Chưa xứng giải Nhất.", MEETING)
    awarding.confirm(store, Sure(COMMITTEE), awarding.proposal(store, COMMITTEE, MEETING).seen, MEETING, "5a" * 16)
    erasure.erase_account(store, accounts.SYSTEM, "gk.moi", MEETING)
    erasure.erase_entry(store, accounts.SYSTEM, CODES[3], MEETING)


def sealed(store: Store, who: Principal, code: str, *points: str) -> None:
    """A sheet with a remark, submitted."""
    change = Change(dict(zip(("ND", "ST"), points, strict=True)), {"": f"Nhận xét của {who.username}."})
    judging.save(store, who, code, change, 0, NOW)
    judging.submit(store, who, code, 1, f"{who.username}-{code}-{'0' * 16}", NOW)


def main(folder: Path) -> None:
    """Make the database and its backup in an empty folder."""
    store = connect(sqlite_url(folder / "desk.db"))
    migrate(store)
    played(store)
    safekeeping.backup(store, folder / "backup")
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
