"""The gate in front of Streamlit itself, served by `streamlit run app.py`."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.desk import assignments, context
from core.desk.accounts import accounts, devices
from core.desk.demo.material import PASSWORD
from core.rules.access import Principal, Role
from core.store.engine import connect
from core.web.sign_in import YEAR
from tests.serving.event_stream import SOON
from tests.serving.raw_socket import RawSocket, elements, texts, widgets
from tests.serving.servers import BROWSER, ROOT, Server

TABLE = Path(__file__).parents[1] / "routes.json"


def served_routes() -> list[str]:
    """Every route of the application, ours and Streamlit's, as the process serves it."""
    import app

    built = app.app._build_starlette_app()
    found = []
    for route in built.routes:
        methods = sorted(
            getattr(route, "methods", None) or {"WEBSOCKET" if "WebSocket" in type(route).__name__ else "*"}
        )
        found.append(f"{getattr(route, 'path', '')} {','.join(methods)}")
    return found


class TestStrangers:
    def test_every_route_is_in_the_table_with_what_a_stranger_gets(self, demo: Server) -> None:
        """A Streamlit upgrade that adds a route, or a new route of ours, fails here until somebody has reviewed it."""
        expected: dict[str, int] = json.loads(TABLE.read_text())
        routes = json.loads(_in_a_process_of_its_own(demo.environment))
        found = {}
        with httpx.Client(base_url=demo.origin, headers={"origin": demo.origin}, timeout=30) as client:
            for route in routes:
                path, _, methods = route.rpartition(" ")
                if methods in {"WEBSOCKET", "*"}:
                    continue
                for method in methods.split(","):
                    address = path.replace("{note:int}", "1").replace("{language}", "vi")
                    address = (
                        address.replace("{code}", "T-417").replace("{path:path}", "x").replace("{", "").replace("}", "")
                    )
                    if "/live/" in path or method == "HEAD":
                        with client.stream(method, address) as answer:
                            found[f"{method} {path}"] = answer.status_code
                    else:
                        found[f"{method} {path}"] = client.request(method, address).status_code
        assert found == expected

    def test_no_answer_to_a_stranger_names_a_work(self, demo: Server) -> None:
        with httpx.Client(base_url=demo.origin, timeout=30) as client:
            for path in (
                "/",
                "/queue",
                "/standings",
                "/sheet/T-417",
                "/video/T-417",
                "/poster/T-417",
                "/board/progress",
            ):
                assert "T-417" not in client.get(path).text

    def test_nobody_signs_in_by_headers(self, demo: Server) -> None:
        forged = {"X-JD-User": "quantri", "X-JD-Session": "0" * 64}

        async def look() -> str:
            async with RawSocket(demo.origin, headers=forged) as socket:
                return texts(await socket.run("accounts")) + "".join(widgets(socket.messages))

        assert "Mật khẩu" in asyncio.run(look())

    def test_a_message_of_megabytes_is_not_taken_in(self, demo: Server) -> None:
        async def flood() -> int | None:
            async with RawSocket(demo.origin) as socket:
                await socket.run()
                await socket.ask(query="x" * 9_000_000)
                return await socket.until_closed(60)

        assert asyncio.run(flood()) == 1009

    def test_a_client_cannot_choose_its_own_address(self, demo: Server) -> None:
        forged = {"X-Forwarded-For": "203.0.113.9", "cookie": f"browser={BROWSER}"}
        address = asyncio.run(_form(demo, "kenh", PASSWORD))
        assert httpx.get(demo.origin + address, headers=forged, timeout=30).status_code == 303
        with closing(sqlite3.connect(demo.data_dir / "desk.db")) as database:
            query = "select distinct address from auth_session"
            assert database.execute(query).fetchall() == [("127.0.0.1",)]


class TestSigningIn:
    def test_the_form_gives_a_ticket_which_gives_a_session_once_in_this_browser(self, demo: Server) -> None:
        address = asyncio.run(_form(demo, "kenh", PASSWORD))
        assert address.startswith("/auth/establish?t=")
        with httpx.Client(base_url=demo.origin, timeout=30) as other:
            assert other.get(address, headers={"cookie": "browser=another"}).status_code == 403
        with httpx.Client(base_url=demo.origin, timeout=30) as client:
            answer = client.get(address, headers={"cookie": f"browser={BROWSER}"})
            assert answer.status_code == 303
            cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("desk="))
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert client.get(address, headers={"cookie": f"browser={BROWSER}"}).status_code == 403

    def test_a_browser_that_signed_in_is_known_to_that_account_and_its_cookie_opens_nothing(self, demo: Server) -> None:
        key = (demo.data_dir / "secret.key").read_text()
        with httpx.Client(base_url=demo.origin, timeout=30) as client:
            held = ""
            for username in ("kenh", "btc"):
                address = asyncio.run(_form(demo, username, PASSWORD))
                answer = client.get(address, headers={"cookie": f"browser={BROWSER}; device={held}"})
                cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("device="))
                for attribute in ("HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={YEAR}"):
                    assert attribute in cookie
                held = cookie.partition(";")[0].partition("=")[2]
            assert devices.of_account(key, held, "kenh") == devices.of_account(key, held, "btc") != ""
            assert devices.of_account(key, held, "quantri") == ""
            for path in ("/board", "/media/x", "/auth/alive", "/sheet/T-417"):
                assert client.get(path, headers={"cookie": f"device={held}"}).status_code == 401

    def test_the_form_tells_a_password_manager_what_its_fields_are(self, demo: Server) -> None:
        """ASVS 6.2.7."""

        async def fields() -> list[tuple[str, str]]:
            async with RawSocket(demo.origin) as socket:
                drawn = elements(await socket.run())
                return [(each.label, each.autocomplete) for kind, each in drawn if kind == "text_input"]

        assert asyncio.run(fields()) == [("Tên đăng nhập", "username"), ("Mật khẩu", "current-password")]

    @pytest.mark.parametrize("pair", [("kenh", "wrong password"), ("nobody-here", "wrong password")])
    def test_all_wrong_pairs_get_the_same_message(self, demo: Server, pair: tuple[str, str]) -> None:
        assert asyncio.run(_form(demo, *pair)) == "Tên đăng nhập hoặc mật khẩu không đúng."

    def test_a_used_ticket_gets_a_page_with_a_link_back(self, demo: Server) -> None:
        person = {"accept": "text/html,*/*", "cookie": f"browser={BROWSER}; lang=en"}
        answer = httpx.get(f"{demo.origin}/auth/establish?t=spent", headers=person, timeout=30)
        assert answer.status_code == 403
        assert '<a class="button primary" href="/">Sign in</a>' in answer.text
        signed_in = {**person, "cookie": f"desk={demo.cookies('kenh', PASSWORD)['desk']}"}
        spent = httpx.get(f"{demo.origin}/auth/establish?t=spent", headers=signed_in, timeout=30)
        assert spent.headers["location"] == "/"

    def test_a_second_click_does_not_lose_the_answer_to_the_first(self, demo: Server) -> None:
        """Streamlit aborts a run when another is requested: the password was changed and the browser was not
        redirected.
        """
        with closing(connect(demo.database_url)) as store:
            given = accounts.add(store, accounts.SYSTEM, "hai.lan", "Người bấm đúp", [Role.JUDGE], context.now())
            chief = Principal("gk01", "", frozenset({Role.JUDGE, Role.CHIEF}), "")
            assignments.assign(store, chief, "hai.lan", "thêm người", context.now())
        new, cookies = "con trâu đi trước cái cày", {**demo.cookies("hai.lan", given), "browser": BROWSER}

        async def twice() -> str:
            async with RawSocket(demo.origin, cookies) as socket:
                drawn = widgets(await socket.run())
                fields = ("Mật khẩu tạm thời", "Mật khẩu mới", "Nhập lại mật khẩu mới")
                values: dict[str, tuple[str, Any]] = {
                    drawn[name]: ("string_value", text) for name, text in zip(fields, (given, new, new), strict=True)
                }
                values[drawn["Đổi mật khẩu"]] = ("trigger_value", True)
                for _ in range(2):
                    await socket.ask(widgets=values)
                    await asyncio.sleep(0.1)
                return await sent_to(socket)

        with httpx.Client(base_url=demo.origin, timeout=30) as client:
            answer = client.get(asyncio.run(twice()), headers={"cookie": f"browser={BROWSER}"})
            assert answer.status_code == 303
            assert client.get("/sheet/T-417").status_code == 200

    def test_a_session_id_of_streamlit_gives_no_access(self, demo: Server) -> None:
        """docs/platform.md, Identity: with the id alone a stranger could take over a committee member's session."""

        async def steal() -> tuple[str, str]:
            async with RawSocket(demo.origin, demo.cookies("quantri", PASSWORD)) as victim:
                mine = texts(await victim.run("accounts"))
                async with RawSocket(demo.origin, takes_over=victim.session) as thief:
                    theirs = texts(await thief.run("accounts"))
                    assert thief.session != victim.session
                return mine, theirs

        mine, theirs = asyncio.run(steal())
        assert "Quản lý tài khoản" in mine
        assert "Quản lý tài khoản" not in theirs


class TestSessionEnd:
    def test_signing_out_closes_the_socket_and_every_route(self, demo: Server) -> None:
        cookies = demo.cookies("btc", PASSWORD)

        async def leave() -> int | None:
            async with RawSocket(demo.origin, cookies) as socket:
                await socket.run("standings")
                async with httpx.AsyncClient(base_url=demo.origin, cookies=cookies, timeout=30) as client:
                    assert (await client.get("/auth/alive")).status_code == 204
                    await client.get("/auth/end")
                return await socket.until_closed(SOON)

        assert asyncio.run(leave()) == 4401
        with httpx.Client(base_url=demo.origin, cookies=cookies, timeout=30) as client:
            assert client.get("/auth/alive").status_code == 401
            assert client.get("/board").status_code == 401

    def test_closing_an_account_in_another_process_closes_its_sockets_and_streams(self, own_demo: Server) -> None:
        cookies = own_demo.cookies("thuky", PASSWORD)

        async def watch() -> tuple[int | None, int | None]:
            async with RawSocket(own_demo.origin, cookies) as socket:
                await socket.run("standings")
                cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
                line = own_demo.origin.replace("http", "ws") + "/auth/watching"
                async with websockets.connect(
                    line, origin=websockets.Origin(own_demo.origin), additional_headers={"Cookie": cookie}
                ) as watching:
                    store = connect(own_demo.database_url)
                    accounts.deactivate(store, accounts.SYSTEM, "thuky", context.now())
                    store.close()
                    await asyncio.wait_for(watching.wait_closed(), SOON)
                    return await socket.until_closed(SOON), watching.close_code

        assert asyncio.run(watch()) == (4401, 4401)


async def sent_to(socket: RawSocket) -> str:
    """The address that a page is redirected to; empty without a redirect."""
    for _ in range(4):
        for message in await socket.until_finished(60):
            if message.WhichOneof("type") == "auth_redirect":
                return str(message.auth_redirect.url)
    return ""


async def _form(server: Server, username: str, password: str) -> str:
    """Sign in through the form. Returns the address of the redirect, or the text shown."""
    async with RawSocket(server.origin, {"browser": BROWSER}) as socket:
        drawn = widgets(await socket.run())
        send = next(name for label, name in drawn.items() if label == "Đăng nhập")
        values: dict[str, Any] = {
            drawn["Tên đăng nhập"]: ("string_value", username),
            drawn["Mật khẩu"]: ("string_value", password),
            send: ("trigger_value", True),
        }
        messages: list[ForwardMsg] = await socket.run(widgets=values)
        for message in messages:
            if message.WhichOneof("type") == "auth_redirect":
                return str(message.auth_redirect.url)
        return next(line for line in texts(messages).splitlines() if "không đúng" in line)


def _in_a_process_of_its_own(environment: Mapping[str, str]) -> str:
    import subprocess
    import sys

    code = "import json; from tests.web.gate.test_gate_served import served_routes; print(json.dumps(served_routes()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]
