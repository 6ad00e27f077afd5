"""A small contest for the judging tests: three judges and four invented works, inserted directly into the tables."""

import hashlib
from datetime import UTC, datetime

from core.rules.access import Principal, Role
from core.rules.contest_file.reader import load
from core.rules.rule_card.card import fingerprint
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.people import accounts
from tests.fixtures.registered import account_registered, registered

SALT = "5a17" * 8  # the salt of a confirmed award document
NOW = datetime(2024, 8, 20, 3, 0, tzinfo=UTC)  # inside the judging window
MINUTES_4 = 240_000
CONTEST = """
[contest]
key = "thu"
name = "Cuộc thi thử"
[phases]
submission = { opens = 2024-06-01T00:00:00+07:00, closes = 2024-07-31T23:59:59+07:00 }
screening = { opens = 2024-08-01T00:00:00+07:00, closes = 2024-08-10T23:59:59+07:00 }
judging = { opens = 2024-08-11T00:00:00+07:00, closes = 2024-08-30T23:59:59+07:00 }
interactions_close = 2024-09-10T23:59:59+07:00
award_meeting = 2024-09-15T08:00:00+07:00
ceremony = 2024-10-10T08:00:00+07:00
[[criteria]]
key = "ND"
name = "Nội dung, thông điệp"
max = "40"
step = "0.5"
levels = [
  { from = "32", says = "Đúng chủ đề, thông điệp rõ, có cách làm hay" },
  { from = "20", says = "Đúng chủ đề, thông điệp còn chung chung" },
  { from = "0", says = "Lạc chủ đề hoặc sai chủ trương" },
]
[[criteria]]
key = "ST"
name = "Tính sáng tạo"
max = "20"
step = "0.5"
[scoring]
method = "mean"
min_sheets = 1
[ties]
ladder = ["criterion:ND"]
[[prizes]]
key = "NHAT"
name = "Giải Nhất"
quantity = 1
amount = 5000000
"""


LADDER = 'ladder = ["criterion:ND"]'


def person(username: str, *roles: Role) -> Principal:
    return Principal(username, username.upper(), frozenset(roles), "0" * 64)


LAN, MINH = person("lan", Role.JUDGE), person("minh", Role.JUDGE)
CHIEF = person("truong", Role.JUDGE, Role.CHIEF)
SECRETARY, CHANNEL = person("thuky", Role.SECRETARY), person("kenh", Role.CHANNEL)
EVERYBODY = (LAN, MINH, CHIEF, SECRETARY, CHANNEL)
CODES = ("T-101", "T-202", "T-303", "T-404")  # T-404 is assigned to nobody


def assigned_panel(store: Store, *, judging: str = "", method: str = "mean", ties: str = LADDER) -> Store:
    """Open the contest with three judges, each assigned to the first three works; `judging` is appended to the
    contest file.
    """
    toml = CONTEST.replace('method = "mean"', f'method = "{method}"').replace(LADDER, ties) + judging
    card = fingerprint(load(toml, "contest.toml"))

    def act(transaction: WriteTransaction) -> None:
        run = transaction.connection.execute
        row = {"id": 1, "toml": toml, "rule_card": card, "rule_card_version": 1, "seed": "hat-giong", "is_demo": 0}
        run(t.contest.insert().values(**row, opened_at=0))
        for number, who in enumerate(EVERYBODY, 1):
            account = {
                "username": who.username,
                "name": who.name,
                "password": "x",
                "must_change": 0,
                "number": 10 + number,
            }
            run(t.account.insert().values(**account, active=1, is_demo=0, created_at=0))
            for role in who.roles:
                run(t.account_role.insert().values(account_id=number, role=role.value))
        for code in CODES:
            work = {"code": code, "title": f"Tác phẩm {code}", "video": film_of(code), "sha256": film_of(code)[:64]}
            people = {"author": f"TÁC-GIẢ-{code}", "unit": f"ĐƠN-VỊ-{code}"}
            run(
                t.entry.insert().values(
                    **work, **people, poster=f"{code}.jpg", milliseconds=MINUTES_4, width=0, height=0
                )
            )
        for judge in (1, 2, 3):
            run(t.assignment.insert(), [{"judge_id": judge, "entry_id": work} for work in (1, 2, 3)])
        registered(transaction)

    store.change(act)
    return store


def film_bytes(code: str) -> bytes:
    """Placeholder content for a work's film; it is not a playable video."""
    return code.encode() * 20_000


def film_of(code: str) -> str:
    """The name of a work's film in the library: the SHA-256 of its content, and ".mp4"."""
    return f"{hashlib.sha256(film_bytes(code)).hexdigest()}.mp4"


def joined(store: Store, who: Principal) -> Principal:
    """Insert one more account into the tables and the ledger, without assignments. Returns `who`."""

    def act(transaction: WriteTransaction) -> None:
        account = {"username": who.username, "name": who.name, "password": "x", "must_change": 0}
        account["number"] = 1 + max(accounts.numbers(transaction.connection))
        account["created_at"] = transaction.not_before(0)
        made = t.account.insert().values(**account, active=1, is_demo=0).returning(t.account.c.id)
        number = transaction.connection.execute(made).scalar_one()
        roles = [{"account_id": number, "role": role.value} for role in who.roles]
        transaction.connection.execute(t.account_role.insert(), roles)
        account_registered(transaction, who.username)

    store.change(act)
    return who
