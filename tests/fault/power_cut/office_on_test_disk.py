"""A separate process on a recorded disk (disk.c). Works are entered, screened, drawn, changed and counted.

python -m tests.fault.power_cut.office_on_test_disk URL recorded synchronous=FULL
One line on standard output for each acknowledged act: its name, who, what it is about, and a number.
"""

import sys
from contextlib import closing
from dataclasses import replace

import sqlalchemy as sa

from core.desk.finals import finalist_changes
from core.desk.finals.finalist_changes import NewProposal
from core.rules.entries.form import Author
from core.rules.entries.states import FinalistChange, SubmissionState
from core.store import tables as t
from core.store.database import connections
from core.store.engine import Store, connect
from core.store.finals import draws
from core.store.queries import readings, submissions
from tests.desk.contest_with_panel import CHANNEL, CODES, NOW
from tests.desk.entries.accepted import SCREENER, accepted, received
from tests.desk.entries.entered import OFFICE, enter
from tests.desk.finals.test_draw import close, draw_codes
from tests.fault.judge_process import COMMITTEE, say
from tests.fault.panel import Acknowledged
from tests.fault.power_cut.judge_on_test_disk import CHECKPOINT
from tests.fixtures.readings import confirmed_reading

NAMES = ("An", "Bình", "Chung", "Dương")
TITLE = "Tên mới"
PASSED = frozenset({SubmissionState.ACCEPTED, SubmissionState.FINALIST})
COUNTS = {"reactions": "120", "comments": "31", "shares": "12", "views": "4100"}


def acts(store: Store) -> None:
    """The acts of the office up to the jury, one after the other."""
    for number, name in enumerate(NAMES):
        author = Author(f"Quàng Văn {name}", f"{1970 + number}-01-02", f"09876543{number:02}")
        code = enter(store, f"a{number}", title=f"Phim {number}", authors=(author,)).code
        say(f"entered author {code} 0")
        received(store, code)
        accepted(store, code)
        say(f"accepted {SCREENER.username} {code} 0")
    close(store)
    say("closed office list 1")
    for code in sorted(draw_codes(store).values()):
        say(f"drawn office {code} 1")
    change(store, code)
    number = confirmed_reading(store, CHANNEL, code, COUNTS, NOW, NOW)
    say(f"counted channel {code} {number}")


def change(store: Store, code: str) -> None:
    """One person proposes another title for a finalist, another confirms it."""
    found = finalist_changes.changeable(store, OFFICE, code)
    form = replace(found.form, title=TITLE)
    new = NewProposal(code, FinalistChange.CORRECT, found.version, "Tác giả đề nghị", form)
    finalist_changes.propose(store, OFFICE, new, NOW)
    (proposal,) = finalist_changes.proposals(store, COMMITTEE)
    say(f"proposed office {code} {proposal.id}")
    finalist_changes.confirm(store, COMMITTEE, proposal.id, "", NOW)
    say(f"confirmed committee {code} {proposal.id}")


def stored(store: Store) -> Acknowledged:
    """What `acts` has printed when it had got as far as this database: every act that is stored whole."""
    with store.read() as connection:
        works = submissions.every(connection)
        jury = {row.code: row.title for row in connection.execute(sa.select(t.entry.c.code, t.entry.c.title))}
        closed, counted = draws.newest_list(connection), readings.readings(connection)
    changes = finalist_changes.proposals(store, COMMITTEE)
    confirmed = {each for each in changes if each.outcome == "confirmed" and jury[each.code] == TITLE}
    return {
        *(("entered", "author", work.code, 0) for work in works),
        *(("accepted", SCREENER.username, work.code, 0) for work in works if work.state in PASSED),
        *(("closed", "office", "list", each.id) for each in [closed] if each is not None),
        *(("drawn", "office", code, 1) for code in set(jury) - set(CODES)),
        *(("proposed", "office", each.code, each.id) for each in changes),
        *(("confirmed", "committee", each.code, each.id) for each in confirmed),
        *(("counted", "channel", each.entry, each.id) for each in counted if each.verdict == "confirmed"),
    }


def main(url: str, what: str, *settings: str) -> None:
    """Open the database as the desk does, with the tested SQLite settings appended."""
    assert what == "recorded"
    vars(connections).update(_PRAGMAS=(*connections._PRAGMAS, CHECKPOINT, *settings))
    with closing(connect(url)) as store:
        acts(store)


if __name__ == "__main__":
    main(*sys.argv[1:])
