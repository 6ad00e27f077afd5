"""Nobody learns a result before it is published: by no page, route or line, whoever asks; again after it is taken back.

The planted results are the official scores, the reasons of decisions and the names of the prizes. That the search finds
them with the committee, and with everybody after the publication, shows that it works.
"""

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import bcrypt
import httpx
import pytest

from core.desk import context, interactions
from core.desk.accounts import accounts
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, publication
from core.desk.entries.registration import register_by_office
from core.desk.entries.submissions import Read, new_link
from core.desk.standings.live_standings import LiveStandings
from core.http_names import ENTRY_LINK_HEADER
from core.rules.access import Principal, Role
from core.settings import sqlite_url
from core.store import tables as t
from core.store.engine import Store, connect
from core.store.migrate import migrate
from tests.desk.entries.entered import FORM
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, TOML, open_contest
from tests.fixtures.readings import confirmed_reading
from tests.serving.servers import Server, serving
from tests.wire.planted_contest import points, words
from tests.wire.recorder import Recorder

COMMITTEE, MEMBER, KEEPER = (
    Principal(username, "", frozenset({role}), "")
    for username, role in (("ban", Role.COMMITTEE), ("ban2", Role.COMMITTEE), ("kenh", Role.CHANNEL))
)
WITHHELD = "DẤU-LÝ-DO-KHÔNG-TRAO"
PRIZES = {"Giải Nhất": "Giải DẤU-GIẢI-MỘT", "Giải Nhì": "Giải DẤU-GIẢI-HAI"}
CURIOUS = ("", "gk.lan", "kenh", "quantri", "soi")  # everybody who is no organiser
Secrets = Mapping[str, tuple[re.Pattern[bytes], ...]]


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A contest with every sheet sealed and its awards confirmed, one prize withheld; nothing is published."""
    toml = TOML.read_text("utf-8")
    for name, planted in PRIZES.items():
        assert f'"{name}"' in toml
        toml = toml.replace(f'"{name}"', f'"{planted}"')
    for moment in ("interactions_close", "award_meeting", "ceremony"):  # past, unlike the fixture's
        toml = toml.replace(f"{moment} = 2024", f"{moment} = 2025")
    with closing(connect(sqlite_url(tmp_path_factory.mktemp("published") / "desk.db"))) as store:
        migrate(store)
        open_contest(store, toml=toml, sheets=60)
        now = context.now()
        accounts.add(store, accounts.SYSTEM, "soi", "Lò Văn Soi (giả định)", frozenset({Role.SCREENER}), now)
        hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        screener = t.account.update().where(t.account.c.username == "soi").values(password=hashed, must_change=0)
        store.change(lambda transaction: transaction.connection.execute(screener).close())
        accounts.add(store, accounts.SYSTEM, "ban2", "Bạc Thị Thu (giả định)", frozenset({Role.COMMITTEE}), now)
        counts = {"reactions": "70", "comments": "0", "shares": "0", "views": "0"}
        cut_off = context.contest(store).phases.interactions_close  # type: ignore[union-attr]
        confirmed_reading(store, KEEPER, CODES[0], counts, cut_off - timedelta(hours=1), now)
        interactions.freeze(store, KEEPER, now)
        award_decisions.withhold(store, COMMITTEE, "KK", 1, WITHHELD, now)
        seen = award_decisions.proposal(store, COMMITTEE, now).seen
        award_decisions.confirm(store, Reauthenticated(COMMITTEE), seen, now, "ab" * 16)
        yield store


@pytest.fixture(scope="module")
def server(confirmed: Store) -> Iterator[Server]:
    with serving(Path(str(confirmed.url.database)).parent) as served:
        yield served


@pytest.fixture(scope="module")
def secrets(confirmed: Store) -> Secrets:
    standings = [each for each in LiveStandings(confirmed).standing().standings() if each.score is not None]
    scores = {each.entry: f"{each.score // 100},{each.score % 100:02}" for each in standings if each.score}
    assert len(set(scores.values())) == len(CODES)
    found = {f"the score {score} of {code}": points(score)[:1] for code, score in scores.items()}
    return {**found, WITHHELD: words(WITHHELD), **{name: words(name) for name in PRIZES.values()}}


async def everything(server: Server, username: str) -> Recorder:
    cookies = server.cookies(username, PASSWORD) if username else {}
    recorder = Recorder(server.origin, cookies, CODES[:2])
    async with recorder.streams_open():
        await recorder.request_everything()
    return recorder


def found(secrets: Secrets, received: bytes) -> set[str]:
    return {what for what, forms in secrets.items() if any(form.search(received) for form in forms)}


@pytest.mark.parametrize("who", CURIOUS, ids=lambda who: who or "stranger")
def test_before_the_publication_nobody_else_receives_a_result(server: Server, secrets: Secrets, who: str) -> None:
    recorder = asyncio.run(everything(server, who))
    assert "/results" in recorder.opened and len(recorder.everything_received) > 20_000
    assert found(secrets, recorder.everything_received) == set()


def test_before_the_publication_no_author_receives_a_result(server: Server, confirmed: Store, secrets: Secrets) -> None:
    office, now = Principal("thuky", "", frozenset({Role.SECRETARY}), ""), context.now()
    code = register_by_office(confirmed, office, FORM, now, late_reason="Bưu điện chậm").code
    headers = {ENTRY_LINK_HEADER: new_link(confirmed, office, Read(code, 1), now)}
    with server.client(None) as author:
        for address in ("/entry/mine", "/api/entry/mine", "/api/entry/mine/data"):
            answer = author.get(address, headers=headers)
            assert answer.status_code == httpx.codes.OK, address
            assert found(secrets, answer.content) == set(), address


def test_the_search_finds_every_result_with_the_committee(server: Server, secrets: Secrets) -> None:
    recorder = asyncio.run(everything(server, "ban"))
    assert found(secrets, recorder.everything_received) == set(secrets)


def test_everybody_reads_it_from_the_publication_until_it_is_taken_back(
    server: Server, confirmed: Store, secrets: Secrets
) -> None:
    now = context.now()
    with server.client(None) as stranger, server.client("gk.lan", PASSWORD) as judge:

        def read(client: httpx.Client) -> set[str]:
            return found(secrets, client.get("/results").content)

        def bundle(client: httpx.Client) -> bytes:
            answer = client.get("/results/evidence.zip")
            assert (answer.status_code == httpx.codes.OK) is answer.content.startswith(b"PK"), answer.text[:200]
            return answer.content if answer.status_code == httpx.codes.OK else b""

        def board(client: httpx.Client) -> int:
            return client.get("/board").status_code

        assert (read(stranger), board(judge), bundle(stranger)) == (set(), httpx.codes.FORBIDDEN, b"")
        document = publication.state(confirmed, COMMITTEE).document
        number = publication.publish(confirmed, Reauthenticated(COMMITTEE), document, now)
        assert (read(stranger), read(judge), board(judge)) == (set(secrets), set(secrets), httpx.codes.OK)
        with zipfile.ZipFile(io.BytesIO(bundle(stranger))) as archive:  # tests/evidence checks what is in it
            assert {"ledger.jsonl", "document.json", "verify.py"} <= set(archive.namelist())
        proposal = publication.propose_retraction(confirmed, COMMITTEE, number, "Sai tên tác giả", now)
        assert read(stranger) == set(secrets)
        publication.retract(confirmed, Reauthenticated(MEMBER), proposal, "", now)
        assert (read(stranger), read(judge), board(judge)) == (set(), set(), httpx.codes.FORBIDDEN)
        assert bundle(stranger) == b""
        for mark in ("9" * 99 + ":" + "a" * 16, "%00:" + "a" * 16, "<b>"):
            assert stranger.get(f"/results?mark={mark}").status_code == httpx.codes.OK
        assert "đã được thu hồi" in stranger.get("/results").text
    for who in ("", "gk.lan"):
        assert found(secrets, asyncio.run(everything(server, who)).everything_received) == set()
