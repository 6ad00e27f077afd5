"""A contest with planted secrets of every kind: values and texts that occur nowhere else."""

import json
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote

import bcrypt
import sqlalchemy as sa

from core.desk import context
from core.desk.accounts import accounts, confirmations
from core.desk.channel import reading_entry, reading_reviews
from core.desk.channel.reading_entry import TypedReading
from core.desk.entries import officials
from core.desk.entries.official_input import Typed
from core.desk.entries.registration import register_by_office
from core.desk.judging import judge_sheets, recusals, watch_time
from core.desk.judging.judge_sheets import Change
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import Principal, Role
from core.rules.entries.form import Author
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, WriteTransaction, connect
from core.store.migrate import migrate
from core.store.queries import readings
from tests.desk.entries.entered import FORM
from tests.desk.screening.screened import receive
from tests.fixtures.contest_with_sheets import CODES, JUDGES, PASSWORD, TITLES, TOML, open_contest
from tests.fixtures.readings import REVIEWER, confirmed_reading

# low marks: the contest's other marks are above half of each maximum, so these occur nowhere else
TYPED = {"ND": "17,13", "HT": "7,29", "ST": "8,41", "KT": "5,07", "LT": "1,33"}
DRAFT = {"ND": "11,47", "HT": "6,53"}
LIVE = {"ND": "19,83", "HT": "5,61", "ST": "4,89", "KT": "3,21", "LT": "2,71"}
COUNT = 7654321
WAITING_COUNT = 7_351_906
PHONE = "0912777331"
SENDER_PHONE = "0912777332"
SUBMISSION = "CĐS24-001"
STRANGER = ""
ORGANISERS = frozenset({"truong", "ban", "thuky"})
PANEL = frozenset(username for username, _ in JUDGES)
EVERYBODY = PANEL | {"ban", "thuky", "kenh", "quantri", "soi", STRANGER}


@dataclass(frozen=True, slots=True)
class Secret:
    """A planted secret: the forms in which it may be written, who may receive it, and who must."""

    what: str
    forms: tuple[re.Pattern[bytes], ...]
    may: frozenset[str]
    does: frozenset[str]

    def found(self, received: bytes) -> bytes | None:
        """The 80 bytes on each side of the first match in `received`, with the match; None without one."""
        for form in self.forms:
            if hit := form.search(received):
                return received[max(0, hit.start() - 80) : hit.end() + 80]
        return None


@dataclass(slots=True)
class PlantedContest:
    """The contest's store, and the work used for each step."""

    store: Store
    codes: dict[str, str] = field(default_factory=dict)  # step -> work

    def free(self, judge: str) -> str:
        """A work that this judge has not begun and no other step uses."""
        with self.store.read() as connection:
            taken = set(
                connection.scalars(
                    sa.select(t.entry.c.code)
                    .join(t.sheet, t.sheet.c.entry_id == t.entry.c.id)
                    .join(t.account, t.account.c.id == t.sheet.c.judge_id)
                    .where(t.account.c.username == judge)
                )
            )
        return next(code for code in CODES if code not in taken and code not in self.codes.values())


def judge(username: str) -> Principal:
    return Principal(username, dict(JUDGES)[username], frozenset({Role.JUDGE}), "")


def planted_contest(folder: Path) -> PlantedContest:
    """Make the contest. Steps of 0.01 make each mark unique; only the chief sees judges' names; judging is still
    open.
    """
    toml = TOML.read_text(encoding="utf-8").replace('step = "0.5"', 'step = "0.01"')
    toml = toml.replace('names_beside_marks = ["chief", "secretary", "committee"]', 'names_beside_marks = ["chief"]')
    assert toml.count('step = "0.01"') == 5 and 'names_beside_marks = ["chief"]' in toml
    toml = toml.replace("2024-08-30", "2096-08-30")
    for late in ("interactions_close = 2024", "award_meeting = 2024", "ceremony = 2024"):
        toml = toml.replace(late, late.replace("2024", "2097"))
    store = connect(sqlite_url(folder / "desk.db"))
    migrate(store)
    open_contest(store, toml=toml, sheets=40)
    live, now = PlantedContest(store), context.now()
    live.codes["lan"] = code = live.free("gk.lan")
    remarks = {"": "DẤU-NHẬN-XÉT-CỦA-LAN", "ND": "DẤU-NHẬN-XÉT-RIÊNG-CỦA-LAN"}
    saved = judge_sheets.save(store, judge("gk.lan"), code, Change(TYPED, remarks), 0, now)
    judge_sheets.submit(store, judge("gk.lan"), code, saved.version, "k" * 32, now)
    live.codes["minh"] = code = live.free("gk.minh")
    judge_sheets.save(store, judge("gk.minh"), code, Change(DRAFT, {"": "DẤU-NHÁP-CỦA-MINH"}), 0, now)
    watch_time.add_note(store, judge("gk.minh"), code, 0, "DẤU-GHI-CHÚ-CỦA-MINH", now)
    live.codes["dung"] = code = live.free("gk.dung")
    recusals.declare(store, judge("gk.dung"), code, "DẤU-LÝ-DO-RÚT-CỦA-DŨNG", now)
    live.codes["hoa"] = live.free("gk.hoa")  # marked while all clients read their lines
    keeper = Principal("kenh", "Tòng Thị Mai (giả định)", frozenset({Role.CHANNEL}), "")
    counts = {"reactions": str(COUNT), "comments": "0", "shares": "0", "views": "0"}
    confirmed_reading(store, keeper, CODES[0], counts, now - timedelta(hours=1), now)
    waiting = TypedReading(
        CODES[1], {**counts, "reactions": str(WAITING_COUNT)}, "DẤU-GIẢI-THÍCH", "https://facebook.vn/DAU-BAI-DANG"
    )
    reading_entry.save(store, keeper, [waiting], now - timedelta(hours=1), now)
    rejected = reading_entry.enter(store, keeper, live.codes["lan"], counts, now - timedelta(hours=1), now, "x")
    reading_reviews.reject(store, REVIEWER, rejected, "DẤU-KHÔNG-NHẬN", now)
    store.change(reopen_counts)
    secretary = Principal("thuky", "", frozenset({Role.SECRETARY}), "")
    official = Typed("Hoàng Thị DẤU-THÀNH-VIÊN", "Ban Tổ chức", "17/11/1961", PHONE, "DẤU-GHI-CHÚ-THÀNH-VIÊN")
    officials.add(store, secretary, official, now)
    submitted(store, secretary, now)
    return live


def submitted(store: Store, secretary: Principal, now: datetime) -> None:
    """A submission in the queue of a blind screening, and a screener."""
    accounts.add(store, accounts.SYSTEM, "soi", "Lò Văn Soi (giả định)", frozenset({Role.SCREENER}), now)
    confirmations.confirm(store, Principal("ban", "", frozenset({Role.COMMITTEE}), ""), "soi", now)
    author = Author("Lường Thị DẤU-NGƯỜI-GỬI", "2001-12-30", SENDER_PHONE)
    form = replace(
        FORM, title="DẤU-PHIM-GỬI", summary="DẤU-TÓM-TẮT", unit="DẤU-NƠI-GỬI", authors=(author,),
        form="Tiểu phẩm", category="Nhân dân",
    )  # fmt: skip
    code = register_by_office(store, secretary, form, now, late_reason="DẤU-GỬI-MUỘN").code
    receive(store, code, "d" * 64, now)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    mine = t.account.update().where(t.account.c.username == "soi").values(password=hashed, must_change=0)
    store.change(lambda transaction: transaction.connection.execute(mine).close())


def reopen_counts(transaction: WriteTransaction) -> None:
    """Freeze the counts and reopen them, earlier than the desk would allow."""
    readings.freeze(transaction.connection, 1, "kenh")
    readings.reopen(transaction.connection, 2, "ban", "DẤU-LÝ-DO-MỞ-LẠI")


def words(text: str) -> tuple[re.Pattern[bytes], ...]:
    """The encodings of a text: plain UTF-8, escaped for JSON, HTML and URLs, and UTF-16."""
    forms = {text, json.dumps(text)[1:-1], escape(text), quote(text), quote(text, safe="")}
    return (*(re.compile(re.escape(each.encode())) for each in forms), re.compile(re.escape(text.encode("utf-16-le"))))


def points(typed: str) -> tuple[re.Pattern[bytes], ...]:
    """The encodings of a mark: in points as text or double, or in hundredths as a number."""
    whole, part = typed.split(",")
    number = struct.pack("<d", float(f"{whole}.{part}"))
    plain = re.compile(rf"(?<![\d.,]){whole}[.,]{part}(?!\d)".encode())
    return plain, re.compile(rf"(?<![\w.,#-]){int(whole + part)}(?![\w.,])".encode()), re.compile(re.escape(number))


def count(number: int) -> tuple[re.Pattern[bytes], ...]:
    """The encodings of a whole number: digits with any separator, or eight bytes."""
    digits = f"{number:,}".split(",")
    return (
        re.compile("[.,\u00a0\u202f ]?".join(digits).encode()),
        re.compile(re.escape(struct.pack("<q", number))),
        re.compile(re.escape(struct.pack("<d", number))),
    )


def planted_secrets(live: PlantedContest) -> list[Secret]:
    """Every planted secret, with those who may and who must receive it."""
    everything: list[Secret] = []

    def plant(what: str, forms: tuple[re.Pattern[bytes], ...], may: frozenset[str], does: frozenset[str]) -> None:
        everything.append(Secret(what, forms, may, does))

    open_to_chief = _sealed_by_the_chief(live.store)
    assert open_to_chief and open_to_chief < set(CODES)

    def readers(code: str) -> frozenset[str]:
        """Who reads the marks of this work. The chief, who also marks, does only where her own sheet is sealed."""
        return ORGANISERS if code in open_to_chief else ORGANISERS - {"truong"}

    for owner, typed, deed in (("gk.lan", TYPED, "lan"), ("gk.hoa", LIVE, "hoa")):
        sees = readers(live.codes[deed]) | {owner}
        for key, mark in typed.items():
            plant(f"{key} of {owner}, {mark}", points(mark), sees, sees - {"truong"})
    for key, mark in DRAFT.items():
        plant(f"{key} in the draft of gk.minh, {mark}", points(mark), frozenset({"gk.minh"}), frozenset({"gk.minh"}))
    own: Mapping[str, str] = {
        "DẤU-NHẬN-XÉT-CỦA-LAN": "gk.lan",
        "DẤU-NHẬN-XÉT-RIÊNG-CỦA-LAN": "gk.lan",
        "DẤU-NHÁP-CỦA-MINH": "gk.minh",
        "DẤU-GHI-CHÚ-CỦA-MINH": "gk.minh",
        "DẤU-NHẬN-XÉT-CỦA-HOÀ": "gk.hoa",
    }
    for text, owner in own.items():
        plant(text, words(text), frozenset({owner}), frozenset({owner}))
    plant("why gk.dung withdrew", words("DẤU-LÝ-DO-RÚT-CỦA-DŨNG"), frozenset({"gk.dung", "truong"}), frozenset())
    for username, name in JUDGES:
        sees, account = frozenset({username, "truong", "quantri"}), words(username)
        sees |= {"ban"} if username == "truong" else set()  # the committee returns the chief's own sheets
        plant(f"the name {name}", words(name.partition(" (")[0]), sees, sees)
        plant(f"the account {username}", account, EVERYBODY if username == "truong" else sees, frozenset())
    for code, title in zip(CODES, TITLES, strict=True):
        plant(f"title of {code}", words(title), EVERYBODY - {STRANGER, "quantri"}, ORGANISERS | {"kenh"})
        credit = frozenset({"ban", "thuky"})
        plant(f"author of {code}", words(f"TÁC-GIẢ-{code}"), credit, frozenset())
        plant(f"unit of {code}", words(f"ĐƠN-VỊ-{code}"), credit, frozenset())
    leader = _leader(live.store)
    plant("author of the leader", words(f"TÁC-GIẢ-{leader}"), frozenset({"ban", "thuky"}), frozenset({"ban", "thuky"}))
    reads = frozenset({"kenh", "ban", "thuky"})
    keepers = frozenset({"thuky", "quantri"})
    plant("an official's phone", (re.compile("(?:\u00a0| )?".join(PHONE).encode()),), keepers, keepers)
    plant("an official's birth", (re.compile(rb"17/11/1961|1961-11-17"),), keepers, keepers)
    plant("an official's name", words("DẤU-THÀNH-VIÊN"), keepers, keepers)
    plant("an official's note", words("DẤU-GHI-CHÚ-THÀNH-VIÊN"), keepers, keepers)
    everything += of_the_submission()
    plant("the interactions", count(COUNT), reads, reads)
    plant("a count that nobody confirmed", count(WAITING_COUNT), reads, reads)
    plant("why a count is as it is", words("DẤU-GIẢI-THÍCH"), reads, reads)
    plant("a post's address", words("DAU-BAI-DANG"), reads, reads)
    plant("why a count was rejected", words("DẤU-KHÔNG-NHẬN"), reads, reads)
    plant("why they were opened again", words("DẤU-LÝ-DO-MỞ-LẠI"), reads, reads)
    for code, score in _scores(live.store):
        plant(f"the score {score} of {code}", points(score)[:1], readers(code), readers(code))
    return everything


def of_the_submission() -> Iterator[Secret]:
    """The title, which screeners read too, and what tells the author, which only the office reads."""
    office, screening = frozenset({"thuky"}), frozenset({"thuky", "soi"})
    yield Secret("a submission's title", words("DẤU-PHIM-GỬI"), screening, screening)
    for text in ("DẤU-NGƯỜI-GỬI", "DẤU-NƠI-GỬI", SENDER_PHONE, "2001-12-30", "DẤU-TÓM-TẮT", "DẤU-GỬI-MUỘN"):
        yield Secret(f"of a submission's author: {text}", words(text), office, office)


def _sealed_by_the_chief(store: Store) -> set[str]:
    with store.read() as connection:
        found = connection.scalars(
            sa.select(t.entry.c.code)
            .join(t.sheet, t.sheet.c.entry_id == t.entry.c.id)
            .join(t.account, t.account.c.id == t.sheet.c.judge_id)
            .where(t.account.c.username == "truong", t.sheet.c.state == "sealed")
        )
        return set(found)


def _leader(store: Store) -> str:
    return str(LiveStandings(store).standing().window(0, 1)[0].entry)


def _scores(store: Store) -> list[tuple[str, str]]:
    """Each work that has a score, with the score as printed; no two scores are equal."""
    live = LiveStandings(store)
    found = [each for each in live.standing().standings() if each.score is not None]
    return [(each.entry, f"{each.score // 100},{each.score % 100:02}") for each in found if each.score]
