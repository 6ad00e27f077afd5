"""The gate itself, before anything behind it: a small application with planted secrets stands in for Streamlit."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.websockets import WebSocketDisconnect

from core.web.gate.gate import REMEMBERED, Gate
from core.web.gate.session_connections import POLL, SessionConnections
from core.web.http import policy
from tests.web.gate_application import (
    ADMISSION,
    JUDGE,
    ORIGIN,
    SECRET,
    People,
    TestClient,
    gate_client,
    signed_in,
    status_of,
    stream,
)


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def client(people: People) -> Iterator[TestClient]:
    with gate_client(people) as served:
        yield served


class TestStrangers:
    """Default deny: what is not on the list is refused."""

    @pytest.mark.parametrize(
        "path",
        [
            "/_stcore/metrics",
            "/_stcore/agent/openapi.json",
            "/_stcore/agent/interact",
            "/_stcore/script-health-check",
            "/_stcore/upload_file/s/f",
            "/_stcore/stream",
            "/media/0123.mp4",
            "/app/static/v/1",
            "/auth/login",
            "/oauth2callback",
            "/sheet/T-417",
            "/stream",
            "/anything",
            "/queue/",
            "/queue/x",
            "/QUEUE",
            "//queue",
            "/static/../sheet/T-417",
            "/open/a/b",
            "/standings",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    def test_get_nothing(self, client: TestClient, path: str, method: str) -> None:
        # the client would tidy the path; the wire does not
        request = httpx.Request(method, ORIGIN, headers={"origin": ORIGIN})
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = client.send(request)
        assert SECRET not in answer.text
        assert answer.status_code in {401, 403, 404} or path.startswith("/static/")

    @pytest.mark.parametrize(
        "path", ["/", "/queue", "/_stcore/health", "/_stcore/host-config", "/static/js/a.js", "/open/x"]
    )
    def test_get_what_is_listed(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("path", ["/", "/queue", "/_stcore/host-config", "/static/js/a.js"])
    def test_change_nothing_even_where_they_may_read(self, client: TestClient, path: str) -> None:
        assert client.post(path, headers={"origin": ORIGIN}).status_code == 401

    def test_get_a_cookie_that_tells_their_browser_from_others(self, client: TestClient) -> None:
        cookie = client.get("/").headers["set-cookie"]
        assert cookie.startswith("browser=")
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "set-cookie" not in client.get("/").headers
        assert "set-cookie" not in client.get("/static/x.js").headers


class TestIdentity:
    """Only the gate sets identity headers."""

    def test_a_forged_identity_never_arrives(self, client: TestClient) -> None:
        forged = {"X-JD-User": "quantri", "x-jd-session": "a" * 64, "X-Jd-Address": "127.0.0.1"}
        received = client.get("/", headers=forged).json()["told"]
        assert received == {"x-jd-address": "10.0.0.7"}
        received = client.get("/", headers={**forged, **signed_in()}).json()["told"]
        assert received == {"x-jd-user": "gk1", "x-jd-session": JUDGE.session, "x-jd-address": "10.0.0.7"}

    def test_a_forged_identity_never_arrives_by_socket(self, client: TestClient) -> None:
        with client.websocket_connect(
            "ws://localhost:8501/_stcore/stream", headers={"origin": ORIGIN, "X-JD-User": "quantri"}
        ) as line:
            assert line.receive_json()["user"] is None

    @pytest.mark.parametrize(
        "secret", ["", "x", "judge-secre", "judge-secret ", "a" * 64, "x" * 5000, "judge-secret\x7f"]
    )
    def test_an_invalid_cookie_identifies_nobody(self, client: TestClient, secret: str) -> None:
        assert client.get("/sheet/T-1", headers={"cookie": f"desk={secret}".strip() + "z"}).status_code == 401

    def test_the_first_of_two_cookies_counts_so_that_a_planted_one_hides_nothing(self, client: TestClient) -> None:
        assert client.get("/sheet/T-1", headers={"cookie": "desk=planted; desk=judge-secret"}).status_code == 401

    def test_only_a_known_proxy_gives_the_client_address(self, people: People) -> None:
        forwarded = {"x-forwarded-for": "1.1.1.1, 203.0.113.5, 10.9.9.9"}
        with gate_client(people) as client:
            assert client.get("/", headers=forwarded).json()["told"]["x-jd-address"] == "10.0.0.7"
        with gate_client(people, client=("10.9.9.9", 1)) as client:
            assert client.get("/", headers=forwarded).json()["told"]["x-jd-address"] == "203.0.113.5"

    def test_whoever_must_change_the_password_reaches_pages_and_nothing_behind_them(self, client: TestClient) -> None:
        assert client.get("/queue", headers=signed_in("fresh-secret")).status_code == 200
        for path in ("/sheet/T-1", "/media/x", "/stream"):
            assert client.get(path, headers=signed_in("fresh-secret")).status_code == 403


class TestSites:
    """A page of another site cannot send requests with a judge's session."""

    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "null",
            "http://evil.example",
            "http://localhost",
            "http://localhost:8502",
            "https://localhost:8501",
            "http://localhost:8501.evil.example",
            "http://127.0.0.1:8501",
            "http://evil.example#http://localhost:8501",
        ],
    )
    def test_a_socket_from_any_other_origin_is_refused(self, client: TestClient, origin: str) -> None:
        headers = {**signed_in(), **({"origin": origin} if origin else {})}
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("ws://localhost:8501/_stcore/stream", headers=headers),
        ):
            pass

    @pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "http://localhost:8502"])
    def test_a_change_from_any_other_origin_is_refused(self, client: TestClient, origin: str) -> None:
        headers = {**signed_in(), **({"origin": origin} if origin else {})}
        assert client.put("/sheet/T-1", headers=headers).status_code == 403

    def test_a_change_from_here_is_not(self, client: TestClient) -> None:
        assert client.put("/sheet/T-1", headers={**signed_in(), "origin": ORIGIN}).status_code == 200

    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:8501", "127.0.0.1:8501", "localhost:8501.evil.example"]
    )
    def test_another_host_name_of_this_server_is_refused(self, client: TestClient, host: str) -> None:
        """DNS rebinding; and BadHost, CVE-2026-48710."""
        answer = client.get("/sheet/T-1", headers={**signed_in(), "host": host})
        assert answer.status_code == 421
        assert SECRET not in answer.text

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_another_site_cannot_embed_anything(self, client: TestClient, site: str) -> None:
        for path in ("/sheet/T-1", "/media/x", "/open/x", "/queue"):
            assert client.get(path, headers={**signed_in(), "sec-fetch-site": site}).status_code == 403

    def test_a_link_from_elsewhere_opens_a_page(self, client: TestClient) -> None:
        arrives = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        assert client.get("/queue", headers=arrives).status_code == 200
        assert client.get("/sheet/T-1", headers={**signed_in(), **arrives}).status_code == 403
        assert client.get("/queue", headers={**arrives, "sec-fetch-dest": "iframe"}).status_code == 403

    @pytest.mark.parametrize("name", ["host", "origin", "sec-fetch-site"])
    def test_a_duplicated_header_is_refused(self, people: People, name: str) -> None:
        """One of two hosts, origins or sites may be believed here and the other one elsewhere (RFC 9110 §5.3)."""
        right = {"host": "localhost:8501", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        wrong = {"host": "evil.example", "origin": "http://evil.example", "sec-fetch-site": "cross-site"}
        headers = [*right.items(), ("cookie", "desk=judge-secret")]
        assert status_of(people, headers, "PUT") == 200
        for twice in ([(name, wrong[name]), *headers], [*headers, (name, wrong[name])]):
            assert status_of(people, twice, "PUT") in {403, 421}

    def test_no_other_socket_is_open(self, client: TestClient) -> None:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("ws://localhost:8501/other", headers={"origin": ORIGIN}),
        ):
            pass


class TestOrders:
    """The security headers of every response (docs/security.md, Headers)."""

    @pytest.mark.parametrize("path", ["/", "/static/x.js", "/open/x", "/nothing", "/_stcore/health"])
    def test_every_answer_carries_them(self, client: TestClient, path: str) -> None:
        headers = client.get(path).headers
        for name in ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"):
            assert headers[name]
        assert "'unsafe-eval'" not in headers["content-security-policy"]
        scripts = headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
        assert "unsafe-inline" not in scripts
        assert "server" not in headers

    def test_no_site_frames_streamlits_pages_and_only_we_frame_ours(self, client: TestClient) -> None:
        assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]
        assert "frame-ancestors 'self'" in client.get("/open/x").headers["content-security-policy"]
        assert "unsafe" not in client.get("/open/x").headers["content-security-policy"]

    def test_under_https_cookies_are_bound_to_the_host_and_the_browser_stays_with_https(self, people: People) -> None:
        secure = replace(
            ADMISSION,
            secure=True,
            origins=frozenset({"https://cham.example.vn"}),
            hosts=frozenset({"cham.example.vn"}),
            policy=policy.Policy("", "", secure=True),
        )
        with gate_client(people, secure) as client:
            answer = client.get("/", headers={"host": "cham.example.vn"})
            assert answer.headers["set-cookie"].startswith("__Host-browser=")
            assert "Secure" in answer.headers["set-cookie"]
            assert "max-age=" in answer.headers["strict-transport-security"]
            plain = {"host": "cham.example.vn", **signed_in()}
            assert client.get("/sheet/T-1", headers=plain).status_code == 401

    def test_the_inline_script_of_streamlits_page_is_allowed_by_its_own_hash(self) -> None:
        assert policy.inline_scripts("<script>go()</script><script src=x></script>") == (
            "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"
        )


class TestEnding:
    """Signing out ends every socket and stream of the session at once, everywhere."""

    def test_a_socket_closes_with_its_session(self, people: People, client: TestClient) -> None:
        with client.websocket_connect(
            "ws://localhost:8501/_stcore/stream", headers={"origin": ORIGIN, **signed_in()}
        ) as line:
            assert line.receive_json()["user"] == "gk1"
            del people.sessions["judge-secret"]
            client.app.state.session_connections.recheck()  # type: ignore[attr-defined]  # the test's own application
            with pytest.raises(WebSocketDisconnect) as closed:
                line.receive_text()
        assert closed.value.code == 4401

    def test_a_socket_closes_within_a_second_or_so_when_another_process_ended_it(
        self, people: People, client: TestClient
    ) -> None:
        with client.websocket_connect(
            "ws://localhost:8501/_stcore/stream", headers={"origin": ORIGIN, **signed_in()}
        ) as line:
            line.receive_json()
            del people.sessions["judge-secret"]
            with pytest.raises(WebSocketDisconnect) as closed:
                line.receive_text()
        assert closed.value.code == 4401 and POLL <= 1

    def test_a_stranger_keeps_a_socket_when_somebody_elses_session_ends(
        self, people: People, client: TestClient
    ) -> None:
        with client.websocket_connect("ws://localhost:8501/_stcore/stream", headers={"origin": ORIGIN}) as line:
            line.receive_json()
            people.sessions.clear()
            client.app.state.session_connections.recheck()  # type: ignore[attr-defined]  # the test's own application
            line.send_text("still here")
            assert line.receive_text() == "still here"

    def test_a_stream_is_cut_with_its_session(self, people: People) -> None:
        async def scenario() -> list[str]:
            session_connections = SessionConnections(people.living)
            gate = Gate(
                Starlette(routes=[Route("/stream", stream)]),
                admission=ADMISSION,
                session_connections=session_connections,
                recall=people.recall,
            )
            came: list[str] = []

            async def send(message: Any) -> None:
                came.append(message["type"])
                if message["type"] == "http.response.body" and len(came) == 4:
                    people.sessions.clear()
                    session_connections.recheck()
                if people.sessions == {}:
                    await asyncio.sleep(0.2)  # a slow client: the gate has time, however busy the machine

            async def receive() -> Any:
                await asyncio.sleep(3600)

            scope = {
                "type": "http", "method": "GET", "path": "/stream", "raw_path": b"/stream", "query_string": b"",
                "headers": [(b"host", b"localhost:8501"), (b"cookie", b"desk=judge-secret")],
                "client": ("10.0.0.7", 1), "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
                "scheme": "http", "server": ("localhost", 8501), "root_path": "",
            }  # fmt: skip
            async with session_connections.watching():
                await asyncio.wait_for(gate(scope, receive, send), 30)
            assert session_connections.count() == 0
            return came

        assert len(asyncio.run(scenario())) < 20

    def test_what_was_remembered_of_a_session_is_forgotten_when_one_ends(
        self, people: People, client: TestClient
    ) -> None:
        assert client.get("/sheet/T-1", headers=signed_in()).status_code == 200
        del people.sessions["judge-secret"]
        client.app.state.session_connections.recheck()  # type: ignore[attr-defined]  # the test's own application
        assert client.get("/sheet/T-1", headers=signed_in()).status_code == 401

    def test_a_change_or_a_socket_is_never_admitted_from_memory(self, people: People, client: TestClient) -> None:
        """Another process ended the session: this one has not been told yet."""
        headers = {"origin": ORIGIN, **signed_in()}
        assert client.get("/sheet/T-1", headers=headers).status_code == 200
        del people.sessions["judge-secret"]
        assert client.put("/sheet/T-1", headers=headers).status_code == 401
        with client.websocket_connect("ws://localhost:8501/_stcore/stream", headers=headers) as line:
            assert line.receive_json()["user"] is None
        assert client.get("/sheet/T-1", headers=headers).status_code == 401

    def test_the_database_is_read_once_a_second_not_at_every_request(self, people: People, client: TestClient) -> None:
        began = time.monotonic()
        for _ in range(20):
            client.get("/sheet/T-1", headers=signed_in())
        assert people.lookups <= 1 + (time.monotonic() - began) / REMEMBERED
