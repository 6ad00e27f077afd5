"""A contest in the middle of its evening: twelve works, five judges, half the sheets in, written straight into the tables."""

import json
import random
from pathlib import Path

import bcrypt

from core.rules.access import Role
from core.rules.contest_file import load
from core.rules.rule_card import fingerprint
from core.store import tables as t
from core.store.engine import Store, Unit
from core.store.events.payloads import SheetSealed
from core.store.ledger import pseudonym
from tests.registered import registered

TOML = Path(__file__).resolve().parent.parent / "data" / "contests" / "son-la-2024.toml"
PASSWORD = "mot-mat-khau-thu-nghiem"
TITLES = (
    "Chợ phiên không tiền mặt", "Một cửa, không giấy", "Già làng và chiếc điện thoại", "Mận hậu lên sàn",
    "Lớp học giữa mây", "Tổ công nghệ số bản Hua Tạt", "Chữ ký số của mẹ", "Đường về bản có sóng",
    "Hồ sơ sức khoẻ điện tử đến với đồng bào vùng cao biên giới", "Nương chè biết nói", "Câu chuyện dữ liệu", "Bưu tá số",
)  # fmt: skip
CODES = tuple(f"T-{number}" for number in (417, 203, 588, 132, 764, 951, 346, 275, 619, 830, 492, 108))
JUDGES = (
    ("gk.lan", "Lò Thị Lan (giả định)"), ("gk.minh", "Cầm Văn Minh (giả định)"), ("gk.hoa", "Quàng Thị Hoà (giả định)"),
    ("gk.dung", "Nguyễn Tiến Dũng (giả định)"), ("truong", "Đinh Quang Vinh (giả định)"),
)  # fmt: skip
OTHERS = (
    ("ban", "Hà Thu Thuỷ (giả định)", Role.COMMITTEE), ("thuky", "Vì Văn Sơn (giả định)", Role.SECRETARY),
    ("kenh", "Tòng Thị Mai (giả định)", Role.CHANNEL), ("quantri", "Lường Văn Hải (giả định)", Role.ADMIN),
)  # fmt: skip


def begun(store: Store, *, sheets: int = 34, toml: str = "") -> Store:
    """Open the contest with so many sheets in. The marks come from a fixed seed."""
    text = toml or TOML.read_text(encoding="utf-8").replace("2024-08-30", "2096-08-30")
    for late in ("interactions_close = 2024", "award_meeting = 2024", "ceremony = 2024"):
        text = text.replace(late, late.replace("2024", "2097"))
    contest, chance = load(text, "contest.toml"), random.Random(17)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()

    def act(unit: Unit) -> None:
        run = unit.connection.execute
        run(
            t.contest.insert().values(
                id=1, toml=text, rule_card=fingerprint(contest), rule_card_version=1, seed="hat", is_demo=0, opened_at=0
            )
        )
        people = [*((u, n, Role.JUDGE) for u, n in JUDGES), *OTHERS]
        for number, (username, name, role) in enumerate(people, 1):
            account = {"username": username, "name": name, "password": hashed, "must_change": 0}
            account["number"] = 10 + number
            run(t.account.insert().values(**account, active=1, is_demo=0, created_at=0))
            roles = [role, Role.CHIEF] if username == "truong" else [role]
            run(t.account_role.insert(), [{"account_id": number, "role": each.value} for each in roles])
        for number, (code, title) in enumerate(zip(CODES, TITLES, strict=True), 1):
            run(
                t.entry.insert().values(
                    id=number, code=code, title=title, author=f"TÁC-GIẢ-{code}", unit=f"ĐƠN-VỊ-{code}"
                )
            )
            run(t.assignment.insert(), [{"judge_id": judge, "entry_id": number} for judge in range(1, 6)])
        registered(unit)
        seats = [(judge, work) for work in range(1, 13) for judge in range(1, 6)]
        chance.shuffle(seats)
        for judge, work in seats[:sheets]:
            share = chance.uniform(0.55, 0.95)
            marks = [round(share * c.maximum / c.step + chance.uniform(-1, 1)) * c.step for c in contest.criteria]
            seal(
                unit,
                judge,
                work,
                [max(0, min(mark, c.maximum)) for mark, c in zip(marks, contest.criteria, strict=True)],
            )

    def seal(unit: Unit, judge: int, work: int, marks: list[int]) -> None:
        run = unit.connection.execute
        given = {c.key: mark for c, mark in zip(contest.criteria, marks, strict=True)}
        kept = {"judge_id": judge, "entry_id": work, "version": 1, "state": "sealed", "marks": json.dumps(given)}
        run(t.sheet.insert().values(**kept, remarks="{}", revision=1, saved_at=0))
        run(
            t.mark.insert(),
            [{"judge_id": judge, "entry_id": work, "criterion": i, "hundredths": m} for i, m in enumerate(marks)],
        )
        name, remarks = pseudonym(10 + judge, judge=True), unit.commit("{}")
        payload = SheetSealed(
            name, CODES[work - 1], 1, {str(key): mark for key, mark in given.items()}, remarks, 10_000
        )
        unit.record(at=0, actor=JUDGES[judge - 1][0], payload=payload)

    store.change(act)
    return store
