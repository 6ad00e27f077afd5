"""The setup of a real contest: HTTPS through nginx with the site file of docs/nginx.conf, and the desk behind it on
loopback.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fixtures.contest_with_sheets import CODES
from tests.fixtures.uploads import film
from tests.serving.behind_proxy import FILM, ProxiedServer, behind_proxy
from tests.serving.event_stream import SOON, Line, quickest, seen
from tests.serving.servers import BROWSER
from tests.web.uploads.tus_client import begin, patch

STRANGER = "203.0.113.9"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxiedServer]:
    with behind_proxy(tmp_path_factory.mktemp("behind")) as served:
        yield served


@pytest.fixture
def client(behind: ProxiedServer) -> Iterator[httpx.Client]:
    with behind.proxy.client() as client:
        yield client


class TestResponses:
    def test_http_is_sent_on_to_https(self, behind: ProxiedServer) -> None:
        answer = httpx.get(f"http://localhost:{behind.proxy.plain}/queue?x=1", timeout=30)
        assert (answer.status_code, answer.headers["location"]) == (308, f"{behind.proxy.origin}/queue?x=1")

    def test_every_answer_keeps_the_browser_on_https_and_names_no_program(self, client: httpx.Client) -> None:
        for path in ("/", "/assets/desk.css", "/sheet/T-417", "/no-such-page", "/_stcore/host-config"):
            headers = client.get(path).headers
            assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
            assert headers["server"] == "nginx"

    def test_every_script_of_the_first_page_is_compressed(self, client: httpx.Client) -> None:
        """Streamlit sends its scripts uncompressed; on a slow connection a judge would wait three times as long."""
        paths = set(re.findall(r'(?:src|href)="\.?(/static/[^"]+\.(?:js|css))"', client.get("/").text))
        answers = [client.get(path) for path in paths]
        large = [answer for answer in answers if len(answer.content) > 10_000]
        assert len(large) > 5
        assert {answer.headers.get("content-encoding") for answer in large} == {"gzip"}
        sent = sum(answer.num_bytes_downloaded for answer in answers)
        assert sent * 2.5 < sum(len(answer.content) for answer in answers)

    def test_the_policy_lets_the_page_open_sockets_to_its_own_name_alone(
        self, behind: ProxiedServer, client: httpx.Client
    ) -> None:
        connect_src = re.search(r"connect-src ([^;]*)", client.get("/").headers["content-security-policy"])
        assert connect_src is not None
        assert connect_src.group(1) == f"'self' wss://localhost:{behind.proxy.port}"

    def test_cookies_are_for_this_host_over_https_and_no_script(
        self, behind: ProxiedServer, client: httpx.Client
    ) -> None:
        attributes = "; Path=/; HttpOnly; SameSite=Strict; Secure"
        (before,) = client.get("/").headers.get_list("set-cookie")
        assert before.startswith("__Host-browser=") and attributes in before and "Domain" not in before
        answer = client.get(behind.ticket("ban"), headers={"cookie": f"__Host-browser={BROWSER}"})
        after = answer.headers.get_list("set-cookie")
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        assert [each.partition("=")[0] for each in after] == ["__Host-desk", "__Host-browser", "__Host-device"]
        assert all(attributes in each and "Domain" not in each for each in after)

    def test_the_log_contains_no_ticket_no_link_and_no_cookie(
        self, behind: ProxiedServer, client: httpx.Client
    ) -> None:
        ticket, link = behind.ticket("ban"), "/reset?link=PLANTED-LINK"
        (secret,) = behind.cookies("ban").values()
        headers = {"cookie": f"__Host-browser={BROWSER}; __Host-desk={secret}", "referer": behind.proxy.origin + link}
        for address in (ticket, link, "/queue"):
            client.get(address, headers=headers)
            httpx.get(f"http://localhost:{behind.proxy.plain}{address}", timeout=30)
        log = behind.proxy.log.read_text()
        assert log.count(" GET /reset 200 ") == 1 and log.count(" GET /reset 308 ") == 1
        for planted in (ticket.partition("=")[2], "PLANTED-LINK", secret, BROWSER):
            assert planted not in log

    def test_a_cookie_under_the_plain_name_opens_nothing(self, behind: ProxiedServer) -> None:
        (secret,) = behind.cookies("ban").values()
        with behind.proxy.client({"desk": secret}) as client:
            assert client.get("/board").status_code == 401


class TestClientAddress:
    """PROXY_ADDRESSES=127.0.0.1: only nginx's header is trusted."""

    def begins(self, behind: ProxiedServer, client: httpx.Client, forged: str) -> str:
        headers = {"cookie": f"__Host-browser={BROWSER}", "x-forwarded-for": forged, "host": behind.proxy.origin[8:]}
        assert client.get(behind.ticket("thuky"), headers=headers).status_code == 303
        return behind.last_address()

    @pytest.mark.parametrize("forged", [STRANGER, "127.0.0.1", f"{STRANGER}, 127.0.0.1", "x" * 200])
    def test_a_forged_client_address_is_ignored(self, behind: ProxiedServer, client: httpx.Client, forged: str) -> None:
        assert self.begins(behind, client, forged) == "127.0.0.1"

    def test_without_the_proxy_the_header_is_ignored(self, behind: ProxiedServer) -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.5")
        with httpx.Client(base_url=behind.server.origin, transport=transport, timeout=30) as client:
            assert self.begins(behind, client, STRANGER) == "127.0.0.5"

    def test_the_proxy_is_trusted(self, behind: ProxiedServer) -> None:
        with httpx.Client(base_url=behind.server.origin, timeout=30) as client:
            assert self.begins(behind, client, f"198.51.100.7, {STRANGER}") == STRANGER


class TestHostNames:
    @pytest.mark.parametrize("host", ["127.0.0.1:8501", "cham.example.vn", "localhost", ""])
    def test_the_desk_answers_only_to_its_public_name(self, behind: ProxiedServer, host: str) -> None:
        with httpx.Client(base_url=behind.server.origin, timeout=30) as client:
            assert client.get("/", headers={"host": host}).status_code in {400, 421}
            assert client.get("/queue").status_code == 421

    @pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:{port}", "https://localhost", "null"])
    def test_another_sites_page_is_refused(self, behind: ProxiedServer, origin: str) -> None:
        headers = {"origin": origin.format(port=behind.proxy.port)}
        with behind.proxy.client(behind.cookies("gk.lan")) as client:
            assert client.patch("/api/sheet/T-417", json={}, headers=headers).status_code == 403
            assert client.get("/api/sheet/T-417", headers=headers).status_code == 403
            assert client.get("/api/sheet/T-417").status_code == 200


class TestLiveThroughTheProxy:
    @pytest.mark.timed
    def test_a_submitted_sheet_is_seen_within_a_second(self, behind: ProxiedServer) -> None:
        with behind.proxy.client(behind.cookies("ban")) as ban, behind.proxy.client(behind.cookies("gk.minh")) as judge:
            line = Line(ban, "/live/standings")
            line.wait(1)
            left = [each for each in CODES if judge.get(f"/api/sheet/{each}").json()["state"] == "none"]
            assert quickest(seen(line, judge, code, ("37.5", "18.5", "19", "13.5", "4.5")) for code in left) < 1

    def test_the_event_stream_ends_at_sign_out(self, behind: ProxiedServer) -> None:
        with behind.proxy.client(behind.cookies("thuky")) as client:
            line = Line(client, "/live/standings")
            line.wait(1)
            client.get("/auth/end")
            assert line.closed.wait(SOON)
            assert client.get("/auth/alive").status_code == 401

    def test_seeking_in_a_film_works(self, behind: ProxiedServer) -> None:
        with behind.proxy.client(behind.cookies("gk.lan")) as client:
            part = client.get("/video/T-417", headers={"range": "bytes=1000-1999"})
            assert (part.status_code, part.headers["content-range"]) == (206, f"bytes 1000-1999/{len(FILM)}")
            assert part.content == FILM[1000:2000]
            assert client.get("/video/T-417").content == FILM
        with behind.proxy.client() as stranger:
            assert stranger.get("/video/T-417", headers={"range": "bytes=0-9"}).status_code == 401


def test_a_large_piece_of_a_film_passes_the_proxy(behind: ProxiedServer) -> None:
    """Other bodies are refused by nginx above 8 MB."""
    size = 12 << 20

    with behind.proxy.client() as client:
        client.cookies.update(behind.cookies("thuky"))

        def send(method: str, url: str, headers: dict[str, str] | None, body: Any) -> httpx.Response:
            origin = {"Origin": behind.proxy.origin}
            return client.request(method, url, headers={**(headers or {}), **origin}, content=body)

        url = begin(send, size)
        assert url.startswith("/uploads/")
        sent = patch(send, url, 0, film(size))
        assert (sent.status_code, sent.headers["upload-offset"]) == (204, str(size))
        assert (
            client.patch("/api/sheet/T-417", headers={"Origin": behind.proxy.origin}, content=film(size)).status_code
            == 413
        )
