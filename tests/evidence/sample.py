"""The contest of the sample bundle, judged and decided by the desk's own functions: `python -m tests.evidence.sample FOLDER`.

It has a returned sheet, a recusal, a missing sheet, a withheld prize, a tie that the ladder breaks, a tie that the
committee decides, a prize by interactions whose freeze was reopened, and a publication that was taken back.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from core.desk import interaction_freezes, interactions, rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, evidence, publication
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.judge_sheets import Change
from core.rules.access import Principal, Role
from core.settings import sqlite_url
from core.store.engine import Store, connect
from core.store.migrate import migrate
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, assigned_panel, joined, person
from tests.fixtures.readings import confirmed_reading

COMMITTEE, SECOND = person("ban", Role.COMMITTEE), person("ban2", Role.COMMITTEE)
MEETING = NOW + timedelta(days=30)
PRIZES = """
[[prizes]]
key = "NHI"
name = "Giải Nhì"
quantity = 1
amount = 3000000
[[prizes]]
key = "BA"
name = "Giải Ba"
quantity = 1
amount = 2000000
[[prizes]]
key = "YEUTHICH"
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
BEST, EQUAL, CHOSEN, NOBODYS = CODES
# ND, ST: three works have 50 points; the ladder's ND puts one first and leaves two equal. Minh's sheet of EQUAL falls by
# his recusal, and the chief has none of CHOSEN.
MARKS = {
    **{(judge, BEST): ("36", "14") for judge in (LAN, MINH, CHIEF)},
    **{(judge, EQUAL): ("35", "15") for judge in (LAN, CHIEF)},
    (MINH, EQUAL): ("20", "10"),
    **{(judge, CHOSEN): ("35", "15") for judge in (LAN, MINH)},
}


def played(store: Store) -> Store:
    """Judge, decide and publish in an empty database."""
    assigned_panel(store, judging=PRIZES)
    for member in (COMMITTEE, SECOND):
        joined(store, member)
    judged(store)
    for work, reactions in ((BEST, "80"), (CHOSEN, "120")):
        typed = {"reactions": reactions, "comments": "1", "shares": "2", "views": "900"}
        confirmed_reading(store, CHANNEL, work, typed, NOW, NOW)
    rounds.close(store, Reauthenticated(CHIEF), "Đủ phiếu để xếp hạng.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    interaction_freezes.reopen(
        store, COMMITTEE, "Nhập thiếu một bài.", interaction_freezes.reopening(store, COMMITTEE).seen, MEETING
    )
    interactions.freeze(store, CHANNEL, MEETING)
    award_decisions.withhold(store, COMMITTEE, "NHAT", 1, "Chưa có tác phẩm xứng giải Nhất.", MEETING)
    decided(store)
    return store


def judged(store: Store) -> None:
    """Submit every sheet; one is returned and submitted again."""
    for (judge, work), marks in MARKS.items():
        sealed(store, judge, work, marks, 0)
    judge_sheets.return_sheet(store, CHIEF, "lan", EQUAL, "Chênh nhiều so với hội đồng.", NOW)
    sealed(store, LAN, EQUAL, ("31", "9"), 3)
    judge_sheets.return_sheet(store, CHIEF, "lan", EQUAL, "Ghi nhầm.", NOW)
    sealed(store, LAN, EQUAL, MARKS[LAN, EQUAL], 6)
    recusals.declare(store, MINH, EQUAL, "Người nhà tham gia.", NOW)


def sealed(store: Store, judge: Principal, work: str, marks: tuple[str, str], version: int) -> None:
    judge_sheets.save(store, judge, work, Change(dict(zip(("ND", "ST"), marks, strict=True))), version, NOW)
    judge_sheets.submit(store, judge, work, version + 1, f"{judge.username}-{work}-{version}".ljust(16, "-"), NOW)


def decided(store: Store) -> None:
    """Choose, confirm, publish, take back, publish again."""
    award_decisions.choose(store, COMMITTEE, "BA", (CHOSEN,), "Thông điệp rõ hơn.", MEETING)
    again = Reauthenticated(COMMITTEE)
    seen = award_decisions.proposal(store, COMMITTEE, MEETING).seen
    award_decisions.confirm(store, again, seen, MEETING, "5a" * 16)
    document = publication.state(store, COMMITTEE).document
    first = publication.publish(store, again, document, MEETING)
    proposed = publication.propose_retraction(store, COMMITTEE, first, "Sai tên một tác giả.", MEETING)
    publication.retract(store, Reauthenticated(SECOND), proposed, "Đúng là sai.", MEETING)
    publication.publish(store, again, document, MEETING)


def main(folder: Path) -> None:
    """Write the bundle into a new folder."""
    with tempfile.TemporaryDirectory() as made:
        store = connect(sqlite_url(Path(made) / "desk.db"))
        migrate(store)
        evidence.write(played(store), folder)
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
