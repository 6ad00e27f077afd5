"""Every route × every role × signed out: docs/security.md, Attackers. A refusal tells nothing, not even whether a work exists."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.desk.demo.material import PASSWORD
from pages.kit.pages_registry import ADDRESSES
from tests.serving.servers import Server

TABLE = Path(__file__).parents[1] / "web" / "routes.json"
WORK, WITHDRAWN_FROM = "T-417", "T-731"  # gk05 is recused from the second
EVERYBODY = ("", "gk01", "gk02", "gk05", "thuky", "btc", "kenh", "quantri")
JUDGES, ORGANISERS = frozenset({"gk01", "gk02", "gk05"}), frozenset({"gk01", "thuky", "btc"})
KEEPERS = frozenset({"thuky", "quantri"})
COUNTERS = frozenset({"thuky", "btc", "kenh"})
SECRETARIES = frozenset({"thuky"})
MEMBERS = frozenset(EVERYBODY) - {""}
OPENS = {  # address -> the accounts that get an answer
    "/sheet/{code}": JUDGES, "/api/sheet/{code}": JUDGES,
    "/video/{code}": JUDGES | ORGANISERS, "/poster/{code}": JUDGES | ORGANISERS,
    "/board": ORGANISERS, "/board/charts": ORGANISERS, "/live/charts": ORGANISERS,
    "/live/standings": ORGANISERS, "/live/standings/page": ORGANISERS, "/live/changes": ORGANISERS,
    "/export/award-table.xlsx": ORGANISERS - JUDGES, "/export/award-table.csv": ORGANISERS - JUDGES,  # while sheets are due
    "/export/finals.xlsx": frozenset({"thuky", "btc", "kenh"}), "/export/finals.txt": frozenset({"thuky", "btc", "kenh"}),
    "/board/jobs": KEEPERS, "/live/jobs": KEEPERS,
    "/board/submissions": SECRETARIES, "/api/submissions": SECRETARIES, "/api/submissions/{code}": frozenset(), "/api/entry/mine": frozenset(),  # the demo has none
    "/api/incoming-films": SECRETARIES, "/board/submissions/requests": SECRETARIES, "/api/person-requests": SECRETARIES, "/api/entry/mine/data": frozenset(),
    "/export/person/{code}/{place}.html": frozenset(), "/export/person/{code}/{place}.json": frozenset(),
    "/board/submissions/table": SECRETARIES, "/export/submission-table.xlsx": SECRETARIES,
    "/entry": frozenset(EVERYBODY), "/entry/mine": frozenset(EVERYBODY),
    "/board/readings": COUNTERS, "/readings/{reading}/screenshot": frozenset(),  # the demo has none
    "/board/twins": frozenset({"thuky", "btc"}), "/twins/{pair}/{moment}/{side}": frozenset(),  # the demo has no pair
    "/board/screening": SECRETARIES,  # the demo has no screener; its submissions have no films
    "/submissions/{code}/film": frozenset(), "/submissions/{code}/poster": frozenset(), "/proposed-films/{code}": frozenset(),
    "/results": frozenset(EVERYBODY), "/results/evidence.zip": frozenset(),  # the demo is not published
    "/board/progress": frozenset(EVERYBODY), "/live/progress": frozenset(EVERYBODY),
    "/auth/alive": MEMBERS,
    **dict.fromkeys((*ADDRESSES, "/robots.txt", "/healthz"), frozenset(EVERYBODY)),  # a page without data: its content is tested in tests/wire
}  # fmt: skip
ELSEWHERE = ("/_stcore/", "/auth/", "/component/", "/language/", "/assets/", "/media/", "/oauth2callback")  # tests/web
CHANGES = (
    ("PATCH", "/api/sheet/{code}", {"version": 0, "marks": {"ND": "1"}, "remarks": {}}),
    ("POST", "/api/sheet/{code}/submit", {"version": 5, "key": "k" * 32}),
    ("POST", "/api/sheet/{code}/watched", {"played": [[0, 1000]]}),
    ("POST", "/api/sheet/{code}/notes", {"at_ms": 0, "text": "x"}),
    ("POST", "/api/sheet/{code}/recusal", {"reason": "x"}),
)


@pytest.fixture(params=EVERYBODY, ids=lambda who: who or "stranger")
def visitor(request: pytest.FixtureRequest, demo: Server) -> Iterator[tuple[str, httpx.Client]]:
    who: str = request.param
    with demo.client(who or None, PASSWORD) as client:
        yield who, client


def status_and_start(client: httpx.Client, address: str) -> tuple[int, bytes]:
    """The status and the first bytes of the body: some responses are streams without end."""
    with client.stream("GET", address) as answer:
        return answer.status_code, next(answer.iter_bytes(), b"")


def test_every_address_answers_permitted_users_only(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    for address, opens in OPENS.items():
        status, content = status_and_start(client, address.replace("{code}", WORK))
        assert (status in {200, 204}) is (who in opens), (address, status)
        if who not in opens:
            assert status in {401, 403, 404}, address
            assert WORK.encode() not in content and "Mận hậu".encode() not in content, address


def test_no_address_is_forgotten() -> None:
    """`OPENS` has every GET route of the table outside `ELSEWHERE`. tests/web compares the table with the application."""
    routes = {named.partition(" ")[2] for named in json.loads(TABLE.read_text()) if named.startswith("GET ")}
    assert {route for route in routes if not route.startswith(ELSEWHERE)} == {
        address for address in OPENS if not address.startswith("/auth/")
    }


def test_a_user_who_may_not_open_a_work_learns_nothing_about_it(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    for address in ("/sheet/{code}", "/api/sheet/{code}", "/video/{code}", "/poster/{code}"):
        for work in [WITHDRAWN_FROM] if who == "gk05" else [WORK] if who not in OPENS[address] else []:
            real, none = (client.get(address.replace("{code}", code)) for code in (work, "T-000"))
            assert (real.status_code, real.content.replace(work.encode(), b"T-000")) == (
                none.status_code,
                none.content,
            ), address


def test_only_a_judge_changes_a_sheet(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    if who in JUDGES - {"gk05"}:
        return
    for method, address, body in CHANGES:
        answer = client.request(method, address.replace("{code}", WITHDRAWN_FROM), json=body)
        assert answer.status_code in {401, 403, 404}, (address, answer.status_code, answer.text)


def test_only_the_secretary_and_the_administrator_change_jobs(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    for act in ("0/cancel", "0/retry"):
        answer = client.post(f"/api/jobs/{act}", json={})
        assert answer.status_code == (409 if who in KEEPERS else 403 if who else 401), (act, answer.text)
    if who != "thuky":
        for address, body in (
            ("comparisons", {}),
            ("1/decision", {"verdict": "different", "reason": "x", "seen": 0}),
        ):
            assert client.post(f"/api/twins/{address}", json=body).status_code in {401, 403}, address
    if who not in KEEPERS:
        for act in ("film-checks", "film-copies"):
            assert client.post(f"/api/jobs/{act}", json={}).status_code in {401, 403}
