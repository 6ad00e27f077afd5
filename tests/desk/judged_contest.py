"""The Sơn La contest with judging finished. Works, judges and sheets are invented and inserted directly into the
tables.

All three judges give a work the same marks, so its score is the sum of its row in MARKS.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from core.desk.context import millis
from core.papers import document_text
from core.papers.document import AwardDocument
from core.rules.access import Principal, Role
from core.rules.contest_file.reader import load
from core.rules.rule_card import card
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AwardsConfirmed, SheetSealed
from core.store.ledger import pseudonym
from core.store.queries import awards
from tests.fixtures.ledger_payloads import payloads_of
from tests.fixtures.readings import confirmed_reading

FILE = Path(__file__).parents[2] / "data" / "contests" / "son-la-2024.toml"
TOML = FILE.read_text("utf-8")
SON_LA = load(TOML, FILE.name)
JUDGING = datetime(2024, 8, 20, 3, 0, tzinfo=UTC)  # inside the judging window
BEFORE_CUT_OFF = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)  # 23:59:59 10/9/2024 in Vietnam, plan IV.6
AFTER_CUT_OFF = datetime(2024, 9, 10, 17, 0, 0, tzinfo=UTC)
MEETING = datetime(2024, 9, 15, 2, 0, tzinfo=UTC)  # plan IV.7


def person(username: str, name: str, *roles: Role) -> Principal:
    return Principal(username, name, frozenset(roles), "0" * 64)


JUDGES = (
    person("hoa", "Nguyễn Thị Hòa", Role.JUDGE),
    person("thang", "Lò Văn Thắng", Role.JUDGE),
    person("truong", "Cầm Bá Lực", Role.JUDGE, Role.CHIEF),
)
COMMITTEE = person("bantc", "Vì Thị Hải", Role.COMMITTEE)
SECRETARY = person("thuky", "Quàng Thị Xuân", Role.SECRETARY)
CHANNEL = person("kenh", "Tòng Văn Sơn", Role.CHANNEL)
ADMIN = person("quantri", "Lường Văn An", Role.ADMIN)
PEOPLE = (*JUDGES, COMMITTEE, SECRETARY, CHANNEL, ADMIN)
# ND, HT, ST, KT, LT in points: twelve works, each one point below the previous one.
MARKS: Mapping[str, tuple[int, ...]] = {f"T-{401 + at}": (39 - at, 18, 17, 13, 4) for at in range(12)}
# T-404 to T-407 have identical marks: places 4 to 6 are three prizes "Ba" for four works.
TIED = {**MARKS, **{f"T-{404 + at}": (35, 18, 17, 13, 4) for at in range(4)}}


def judged(store: Store, marks: Mapping[str, tuple[int, ...]] = MARKS, *, toml: str = TOML) -> Store:
    """Open the contest and insert the same sealed sheet of every work for each judge."""
    contest = load(toml, "contest.toml")

    def act(transaction: WriteTransaction) -> None:
        run = transaction.connection.execute
        row = {"id": 1, "toml": toml, "rule_card": card.fingerprint(contest), "seed": "hat-giong", "is_demo": 0}
        row["rule_card_version"] = 1
        run(t.contest.insert().values(**row, opened_at=0, frozen_at=0))
        for number, who in enumerate(PEOPLE, 1):
            account = {"id": number, "username": who.username, "name": who.name, "password": "x", "must_change": 0}
            account["number"] = 10 + number
            run(t.account.insert().values(**account, active=1, is_demo=0, created_at=0))
            for role in who.roles:
                run(t.account_role.insert().values(account_id=number, role=role.value))
        for number, (code, given) in enumerate(marks.items(), 1):
            work = {"code": code, "title": f"Tác phẩm {code}", "author": f"Tác giả {code}", "unit": f"Đơn vị {code}"}
            run(t.entry.insert().values(id=number, **work))
            for judge in range(1, len(JUDGES) + 1):
                run(t.assignment.insert().values(judge_id=judge, entry_id=number))
                sealed(transaction, judge, number, code, given)

    store.change(act)
    return store


def sealed(transaction: WriteTransaction, judge: int, work: int, code: str, points: tuple[int, ...]) -> None:
    """Insert one sealed sheet with its ledger row, as a submission would."""
    keys = [str(criterion.key) for criterion in SON_LA.criteria]
    marks = dict(zip(keys, (point * 100 for point in points), strict=True))
    who = JUDGES[judge - 1].username
    at = 1_724_800_000_000 + work * 60_000 + judge
    remarks = transaction.commit_text("{}")
    payload = SheetSealed(pseudonym(10 + judge, judge=True), code, 1, marks, remarks, 10_000)
    row = transaction.record(at=at, actor=who, payload=payload)
    row_keys = {"judge_id": judge, "entry_id": work, "marks": json.dumps(marks)}
    sheet = {"remarks": "{}", "version": 2, "state": "sealed", "revision": 1, "saved_at": at}
    transaction.connection.execute(t.sheet.insert().values(**row_keys, **sheet))
    seal = {"number": 1, "remarks": remarks, "watched_share": 10_000, "submit_key": f"key-{judge}-{work}-{'0' * 16}"}
    seal |= {"receipt": "", "ledger_seq": row.seq, "sealed_at": at}
    transaction.connection.execute(t.sheet_revision.insert().values(**row_keys, **seal))
    for position, key in enumerate(keys):
        mark = {"entry_id": work, "criterion": position, "judge_id": judge, "hundredths": marks[key]}
        transaction.connection.execute(t.mark.insert().values(**mark))


def posted(store: Store, code: str, reactions: int, at: datetime = BEFORE_CUT_OFF, now: datetime = MEETING) -> None:
    """Enter the interaction counts of a work's post, as the channel keeper."""
    typed = {"reactions": str(reactions), "comments": "0", "shares": "0", "views": "0"}
    confirmed_reading(store, CHANNEL, code, typed, at, now)


def store_document(store: Store, document: AwardDocument) -> Store:
    """Store this document as the confirmed award table, as the committee's confirmation does."""
    text, card = document_text.canonical(document), document.proof.rule_card
    payload = AwardsConfirmed(document_text.fingerprint(text), card, [])

    def act(transaction: WriteTransaction) -> None:
        row = transaction.record(at=millis(MEETING), actor=COMMITTEE.username, payload=payload)
        table = awards.ConfirmedTable(text, card, row.seq, COMMITTEE.name, row.at)
        awards.confirm(transaction.connection, table, COMMITTEE.username)

    store.change(act)
    return store


def events(store: Store, event: str) -> list[dict[str, object]]:
    """The payloads of this event in the ledger, with names and texts."""
    return payloads_of(store, event)
