"""Every route × every role × signed out: docs/security.md, Attackers. Who is refused learns nothing, not even whether a work exists."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.desk.demo.material import PASSWORD
from pages.kit.pages_registry import ADDRESSES
from tests.serving.servers import Server

TABLE = Path(__file__).parents[1] / "web" / "routes.json"
WORK, WITHDRAWN_FROM = "T-417", "T-731"  # gk05 has withdrawn from the second
EVERYBODY = ("", "gk01", "gk02", "gk05", "thuky", "btc", "kenh", "quantri")
JUDGES, ORGANISERS = frozenset({"gk01", "gk02", "gk05"}), frozenset({"gk01", "thuky", "btc"})
MEMBERS = frozenset(EVERYBODY) - {""}
OPENS = {  # address -> who is answered
    "/sheet/{code}": JUDGES, "/api/sheet/{code}": JUDGES,
    "/video/{code}": JUDGES | ORGANISERS, "/poster/{code}": JUDGES | ORGANISERS,
    "/board": ORGANISERS, "/board/charts": ORGANISERS, "/live/charts": ORGANISERS,
    "/live/standings": ORGANISERS, "/live/standings/page": ORGANISERS, "/live/changes": ORGANISERS,
    "/export/award-table.xlsx": ORGANISERS - JUDGES, "/export/award-table.csv": ORGANISERS - JUDGES,  # while sheets are due
    "/board/progress": frozenset(EVERYBODY), "/live/progress": frozenset(EVERYBODY),
    "/auth/alive": MEMBERS,
    **dict.fromkeys((*ADDRESSES, "/robots.txt", "/healthz"), frozenset(EVERYBODY)),  # a shell: what stands in it is tests/wire
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


def asked(client: httpx.Client, address: str) -> tuple[int, bytes]:
    """The status, and the first that comes: some lines never end."""
    with client.stream("GET", address) as answer:
        return answer.status_code, next(answer.iter_bytes(), b"")


def test_every_address_answers_whom_it_should_and_nobody_else(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    for address, opens in OPENS.items():
        status, content = asked(client, address.replace("{code}", WORK))
        assert (status in {200, 204}) is (who in opens), (address, status)
        if who not in opens:
            assert status in {401, 403, 404}, address
            assert WORK.encode() not in content and "Mận hậu".encode() not in content, address


def test_no_address_is_forgotten() -> None:
    """The table of all routes is itself held to the running application (tests/web)."""
    routes = {named.partition(" ")[2] for named in json.loads(TABLE.read_text()) if named.startswith("GET ")}
    assert {route for route in routes if not route.startswith(ELSEWHERE)} == {
        address for address in OPENS if not address.startswith("/auth/")
    }


def test_who_may_not_open_a_work_learns_nothing_of_it(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    for address in ("/sheet/{code}", "/api/sheet/{code}", "/video/{code}", "/poster/{code}"):
        for work in [WITHDRAWN_FROM] if who == "gk05" else [WORK] if who not in OPENS[address] else []:
            real, none = (client.get(address.replace("{code}", code)) for code in (work, "T-000"))
            assert (real.status_code, real.content.replace(work.encode(), b"T-000")) == (
                none.status_code,
                none.content,
            ), address


def test_who_is_no_judge_changes_no_sheet(visitor: tuple[str, httpx.Client]) -> None:
    who, client = visitor
    if who in JUDGES - {"gk05"}:
        return
    for method, address, body in CHANGES:
        answer = client.request(method, address.replace("{code}", WITHDRAWN_FROM), json=body)
        assert answer.status_code in {401, 403, 404}, (address, answer.status_code, answer.text)
