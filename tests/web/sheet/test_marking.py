"""The marking routes: their responses, their refusals, and what is never sent to a judge."""

import hashlib
import json
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from core.desk import context
from core.desk.judging import film_files, judge_queue
from core.desk.judging.film_access_log import FilmAccessLog
from core.rules.access import Principal
from core.settings import settings
from core.store import tables as t
from core.store.engine import DatabaseUnavailable, Store
from core.web import films
from core.web.http.request_json import BODY_LIMIT
from core.web.http.unavailable import RefusalMiddleware
from core.web.sheet import marking
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, SECRETARY, assigned_panel, film_of
from tests.fixtures.ledger_payloads import acts

CODE = CODES[0]
SHEET, API = f"/sheet/{CODE}", f"/api/sheet/{CODE}"
KEY = "0123456789abcdef"
FILM = bytes(range(256)) * 40
POSTER = b"\xff\xd8poster"


class Signed:
    """Replaces the gate: sets the principal of each request."""

    who: Principal | None = LAN

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": {"principal": self.who}}, receive, send)


@pytest.fixture
def signed(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signed]:
    assigned_panel(sqlite_store)
    unhashed = t.entry.update().values(sha256=None)  # the films here are not the panel's
    sqlite_store.change(lambda transaction: transaction.connection.execute(unhashed).close())
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    monkeypatch.setattr(context, "now", lambda: NOW)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.cache_clear()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / film_of(CODE)).write_bytes(FILM)
    (tmp_path / "library" / f"{CODE}.jpg").write_bytes(POSTER)
    yield Signed(Starlette(routes=[*marking.routes(), *films.routes()]))
    settings.cache_clear()


class Client:
    """Calls the application directly, without a socket."""

    def __init__(self, app: Signed) -> None:
        self.app = app

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path, **asked)

        return anyio.run(ask)

    def get(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("GET", path, **asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("POST", path, **asked)

    def patch(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("PATCH", path, **asked)

    def delete(self, path: str) -> httpx.Response:
        return self.request("DELETE", path)


@pytest.fixture
def client(signed: Signed) -> Client:
    return Client(signed)


def save(client: Client, version: int = 0, **marks: str) -> Any:
    return client.patch(API, json={"version": version, "marks": marks, "remarks": {}})


class TestPage:
    def test_is_whole_and_needs_no_inline_script_or_style(self, client: Client) -> None:
        html = client.get(SHEET).text
        assert "Nội dung, thông điệp" in html
        assert f'src="/video/{CODE}"' in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count('type="application/json"') + html.count('type="module" src=')

    def test_speaks_the_reader_s_language(self, client: Client) -> None:
        assert '<html lang="en">' in client.get(SHEET, headers={"cookie": "lang=en"}).text

    def test_shows_another_s_words_as_words(self, client: Client) -> None:
        client.patch(API, json={"version": 0, "marks": {}, "remarks": {"": "</textarea><script>alert(1)</script>"}})
        html = client.get(SHEET).text
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_a_blind_page_and_its_data_hold_no_author_and_no_unit(self, client: Client) -> None:
        for address in (SHEET, API):
            body = client.get(address).content.decode()
            assert "TÁC-GIẢ" not in body
            assert "ĐƠN-VỊ" not in body

    def test_planted_marks_of_another_judge_are_in_no_answer(self, client: Client, signed: Signed) -> None:
        signed.who = MINH
        client.patch(API, json={"version": 0, "marks": {"ND": "30,5", "ST": "11,5"}, "remarks": {"": "LỜI-CỦA-MINH"}})
        client.post(API + "/notes", json={"at_ms": 1, "text": "GHI-CHÚ-CỦA-MINH"})
        client.post(API + "/submit", json={"version": 1, "key": KEY})
        signed.who = LAN
        answers = [client.get(SHEET), client.get(API), save(client, 0, ND="8,5"), save(client, 0, ND="9")]
        for answer in answers:
            for planted in ("30,5", "11,5", "3050", "42,0", "MINH"):
                assert planted not in answer.content.decode()

    def test_a_database_that_is_away_is_no_missing_sheet(self, signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
        """An unavailable database must not give 404, on a page that never reloads (DECISIONS 20)."""

        def away(*_: object) -> None:
            raise DatabaseUnavailable

        monkeypatch.setattr(judge_queue, "open_sheet", away)
        signed.app = Starlette(routes=marking.routes(), middleware=[Middleware(RefusalMiddleware)])
        answer = Client(signed).get(SHEET, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["refresh"]) == (503, "5")
        assert "đang không trả lời" in answer.text


class TestSaving:
    def test_answers_what_is_kept_and_what_it_comes_to(self, client: Client) -> None:
        answer = save(client, ND="38.5")
        assert answer.status_code == 200
        assert answer.json() == {
            "version": 1, "marks": {"ND": "38,5"}, "levels": {"ND": 0}, "remarks": {}, "total": "38,5",
            "missing": ["ST"], "saved": "10:00:00",
        }  # fmt: skip

    def test_a_stale_window_gets_both_values_to_choose_from(self, client: Client) -> None:
        save(client, ND="30")
        answer = save(client, ND="10")
        assert answer.status_code == 409
        assert answer.json()["sheet"]["marks"] == {"ND": "30,0"}
        assert answer.json()["sheet"]["version"] == 1

    def test_a_bad_mark_is_refused_by_its_field(self, client: Client) -> None:
        answer = save(client, ND="99", ST="17")
        assert answer.status_code == 422
        assert set(answer.json()["fields"]) == {"mark:ND"}

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"null", b"[]", b"{", b"\xff", b'{"version": 0}', b"[" * 100_000,
            b'{"version": 0, "marks": {}, "remarks": {}, "more": 1}',
            b'{"version": -1, "marks": {}, "remarks": {}}',
            b'{"version": true, "marks": {}, "remarks": {}}',
            b'{"version": 0.0, "marks": {}, "remarks": {}}',
            b'{"version": "0", "marks": {}, "remarks": {}}',
            b'{"version": 1e400, "marks": {}, "remarks": {}}',
            b'{"version": 99999999999999999999, "marks": {}, "remarks": {}}',
            b'{"version": 0, "marks": {"ND": 8.5}, "remarks": {}}',
            b'{"version": 0, "marks": {"ND": NaN}, "remarks": {}}',
            b'{"version": 0, "marks": {"ND": null}, "remarks": {}}',
            b'{"version": 0, "marks": ["ND"], "remarks": {}}',
            b'{"version": 0, "marks": {}, "remarks": {"": 1}}',
            b'{"version": 0, "marks": {}, "remarks": {"": "' + b"x" * BODY_LIMIT + b'"}}',
        ],
    )  # fmt: skip
    def test_what_no_page_sends_is_refused(self, client: Client, body: bytes) -> None:
        answer = client.patch(API, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 422
        assert client.get(API).json()["version"] == 0

    def test_a_form_of_another_kind_is_refused(self, client: Client) -> None:
        body = json.dumps({"version": 0, "marks": {}, "remarks": {}})
        assert client.patch(API, content=body, headers={"content-type": "text/plain"}).status_code == 422


class TestSubmitting:
    def test_gives_a_receipt_and_the_same_click_the_same(self, client: Client) -> None:
        save(client, ND="38,5", ST="17")
        answers = [client.post(API + "/submit", json={"version": 1, "key": KEY}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        html = client.get(SHEET).text
        assert answers[0].json()["receipt"]["text"] in html
        assert 'class="mark" id="mark-ND"' not in html

    def test_an_incomplete_sheet_is_refused_naming_the_criteria(self, client: Client) -> None:
        save(client, ND="38,5")
        answer = client.post(API + "/submit", json={"version": 1, "key": KEY})
        assert (answer.status_code, answer.json()["missing"]) == (422, ["ST"])
        assert "Tính sáng tạo" in answer.json()["refused"]

    def test_a_sealed_sheet_takes_no_more(self, client: Client) -> None:
        save(client, ND="38,5", ST="17")
        client.post(API + "/submit", json={"version": 1, "key": KEY})
        answer = save(client, 2, ND="1")
        assert (answer.status_code, answer.json()["ended"]) == (409, True)


class TestBesides:
    def test_notes_are_kept_and_removed(self, client: Client) -> None:
        note = client.post(API + "/notes", json={"at_ms": 65_000, "text": "Tiếng nhỏ"})
        assert (note.status_code, note.json()["at"]) == (201, "1:05")
        assert client.get(API).json()["notes"] == [note.json()]
        assert client.delete(f"{API}/notes/{note.json()['id']}").status_code == 200
        assert client.get(API).json()["notes"] == []

    def test_everything_claimed_right_after_opening_earns_nothing(self, client: Client) -> None:
        client.get(SHEET)
        answer = client.post(API + "/watched", json={"played": [[0, 240_000]]})
        assert answer.json() == {"watched_percent": 0}

    @pytest.mark.parametrize(
        "played",
        [
            [[0]],
            [[0, 1, 2]],
            [[1, 0]],
            [[-1, 2]],
            [["0", 1]],
            [[0, 1.5]],
            {},
            "x",
            [[0, 1]] * 65,
            [[0, float("nan")]],
            [[0, float("inf")]],
            [[0, 2**53]],
            [[0, True]],
            [[0, None]],
        ],
    )
    def test_a_report_no_player_sends_is_refused(self, client: Client, played: Any) -> None:
        sent = json.dumps({"played": played})  # NaN and Infinity too, which JSON does not have
        answer = client.post(API + "/watched", content=sent, headers={"content-type": "application/json"})
        assert answer.status_code == 422

    def test_a_recused_judge_is_refused_every_route(self, client: Client) -> None:
        assert client.post(API + "/recusal", json={"reason": "Người nhà."}).status_code == 200
        assert {client.get(at).status_code for at in (SHEET, API, f"/video/{CODE}", f"/poster/{CODE}")} == {404}
        assert save(client, ND="1").status_code == 404


class TestStrangers:
    @pytest.mark.parametrize("who", [None, SECRETARY, CHANNEL])
    def test_nobody_but_a_judge_has_a_sheet(self, client: Client, signed: Signed, who: Principal | None) -> None:
        signed.who = who
        assert client.get(SHEET).status_code == 403
        assert client.get(API).status_code == 403
        assert save(client, ND="1").status_code == 403

    @pytest.mark.parametrize("code", ["T-404", "T-999", "%2e%2e", "..%2f..%2fdesk.db"])
    def test_a_work_not_theirs_is_as_unknown_as_none(self, client: Client, code: str) -> None:
        bodies = {client.get(f"{room}/{code}").status_code for room in ("/sheet", "/api/sheet", "/video", "/poster")}
        assert bodies == {404}


class TestFilm:
    @pytest.mark.parametrize(
        "asked,status,body",
        [
            (None, 200, FILM), ("bytes=0-99", 206, FILM[:100]), ("bytes=100-", 206, FILM[100:]),
            ("bytes=-50", 206, FILM[-50:]), ("bytes=10239-99999", 206, FILM[-1:]), ("bytes=99999-", 416, None),
        ],
    )  # fmt: skip
    def test_answers_ranges_byte_for_byte(
        self, client: Client, asked: str | None, status: int, body: bytes | None
    ) -> None:
        answer = client.get(f"/video/{CODE}", headers={"range": asked} if asked else {})
        assert answer.status_code == status
        if body is not None:
            assert answer.content == body
            assert answer.headers["content-type"] == "video/mp4"
            assert answer.headers["cache-control"] == "private, no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["content-security-policy"].startswith("sandbox")

    def test_the_poster_is_a_picture(self, client: Client) -> None:
        answer = client.get(f"/poster/{CODE}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")

    def test_organisers_watch_and_everybody_else_gets_one_answer(self, client: Client, signed: Signed) -> None:
        for who in (LAN, CHIEF, SECRETARY):
            signed.who = who
            assert client.get(f"/video/{CODE}").status_code == 200
        for stranger in (None, CHANNEL):
            signed.who = stranger
            assert client.get(f"/video/{CODE}").content == client.get("/video/T-999").content
        signed.who = LAN
        assert client.get("/video/T-404").content == client.get("/video/T-999").content

    def test_who_opened_it_is_written_once_for_each_session(
        self, client: Client, signed: Signed, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(films, "FILM_ACCESS_LOG", FilmAccessLog())
        for who in (LAN, LAN, replace(CHIEF, session="2"), replace(LAN, session="3"), None):
            signed.who = who
            for piece in ("bytes=0-99", "bytes=100-199"):
                client.get(f"/video/{CODE}", headers={"range": piece})
            client.get("/video/T-999")
            client.get(f"/poster/{CODE}")
        assert acts(sqlite_store, "film.opened") == [(who.username, {"entry": CODE}) for who in (LAN, CHIEF, LAN)]

    def test_another_site_gets_no_film(self, client: Client) -> None:
        for site in ("cross-site", "same-site"):
            assert client.get(f"/video/{CODE}", headers={"sec-fetch-site": site}).status_code == 403

    @pytest.mark.parametrize("name", ["../secret.key", "/etc/passwd", "a/b.mp4", ".", "..", "", "link.mp4"])
    def test_a_name_that_leads_out_of_the_library_is_no_film(
        self, client: Client, name: str, sqlite_store: Store, tmp_path: Path
    ) -> None:
        (tmp_path / "secret.key").write_text("BÍ-MẬT")
        (tmp_path / "library" / "link.mp4").symlink_to(tmp_path / "secret.key")
        sqlite_store.change(lambda transaction: transaction.connection.execute(sa.update(t.entry).values(video=name)))
        assert client.get(f"/video/{CODE}").status_code == 404


class TestRegisteredFiles:
    """A file in the library under a work's name is served only if it is the registered one."""

    @pytest.fixture
    def library(self, tmp_path: Path, sqlite_store: Store, signed: Signed) -> Path:
        """The film and the poster are named by the hashes of their contents."""
        folder = tmp_path / "library"
        names = {"video": f"{sha256(FILM)}.mp4", "poster": f"{sha256(POSTER)}.jpg", "sha256": sha256(FILM)}
        sqlite_store.change(
            lambda transaction: transaction.connection.execute(sa.update(t.entry).values(names)).close()
        )
        (folder / film_of(CODE)).rename(folder / names["video"])
        (folder / f"{CODE}.jpg").rename(folder / names["poster"])
        return folder

    @pytest.mark.parametrize("kind", ["video", "poster"])
    def test_the_registered_one_is(self, client: Client, library: Path, kind: str) -> None:
        assert client.get(f"/{kind}/{CODE}").status_code == 200

    @pytest.mark.parametrize("kind,ending", [("video", "mp4"), ("poster", "jpg")])
    def test_another_is_not_and_the_reader_is_told(self, client: Client, library: Path, kind: str, ending: str) -> None:
        client.get(f"/{kind}/{CODE}")
        (path,) = library.glob(f"*.{ending}")
        path.write_bytes(path.read_bytes()[::-1])
        answer = client.get(f"/{kind}/{CODE}", headers={"range": "bytes=0-9"})
        assert (answer.status_code, "không còn là tệp đã đăng ký" in answer.json()["refused"]) == (409, True)

    def test_one_that_is_gone_is_not_there(self, client: Client, library: Path) -> None:
        for path in library.iterdir():
            path.unlink()
        assert client.get(f"/video/{CODE}").status_code == 404

    def test_a_poster_that_an_earlier_release_named_after_its_film_is_shown(
        self, client: Client, library: Path, sqlite_store: Store
    ) -> None:
        (path,) = library.glob("*.jpg")
        path.rename(library / f"{sha256(FILM)}.jpg")
        named = sa.update(t.entry).values(poster=f"{sha256(FILM)}.jpg")
        sqlite_store.change(lambda transaction: transaction.connection.execute(named).close())
        assert client.get(f"/poster/{CODE}").status_code == 200

    def test_all_are_hashed_before_anybody_asks(self, library: Path, sqlite_store: Store) -> None:
        assert film_files.check_all(sqlite_store, library) == 0
        (path,) = library.glob("*.mp4")
        path.write_bytes(b"khac")
        assert film_files.check_all(sqlite_store, library) == len(CODES)  # here all works have the one film


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def memory() -> int:
    """This process's memory in bytes (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def streamed(app: Signed, path: str, asked: bytes = b"bytes=0-") -> int:
    """Request a path like a slow player, and discard the response."""
    received = 0

    async def receive() -> MutableMapping[str, Any]:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal received
        received += len(message.get("body", b""))

    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [(b"range", asked)], "extensions": {},
        "server": ("testserver", 80), "client": ("testclient", 1),
    }  # fmt: skip
    await app(scope, receive, send)
    return received


def test_seeking_in_a_film_of_270_mb_adds_less_than_2_mb(signed: Signed, tmp_path: Path) -> None:
    anyio.run(streamed, signed, f"/video/{CODE}")
    with (tmp_path / "library" / film_of(CODE)).open("wb") as film:
        film.truncate(270_000_000)
    before = memory()
    assert anyio.run(streamed, signed, f"/video/{CODE}", b"bytes=240000000-") == 30_000_000
    assert memory() - before < 2_000_000


def test_a_save_of_an_ended_session_is_answered_401(signed: Signed, client: Client, sqlite_store: Store) -> None:
    """The sheet keeps what was typed and asks for a new sign-in only after a 401."""
    ended = {"secret_hash": "e" * 64, "account_id": 1, "created_at": 0, "last_seen_at": 0, "expires_at": 2**50}
    row = t.auth_session.insert().values(**ended, ended_at=1, address="", agent="")
    sqlite_store.change(lambda transaction: transaction.connection.execute(row).close())
    signed.who = replace(LAN, session="e" * 64)
    answer = save(client, ND="30")
    assert (answer.status_code, client.get(API).json()["version"]) == (401, 0)
    assert "đăng nhập" in answer.json()["refused"]
