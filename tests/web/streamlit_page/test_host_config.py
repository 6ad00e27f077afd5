"""The host configuration: Streamlit's own response except for framing and error dialogs."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from core.web.streamlit_page.host_config import ANSWER, CONFIG_PATH, HostConfig


def get(app: ASGIApp, path: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(answer())


def test_it_differs_from_the_pinned_streamlits_in_two_things() -> None:
    """Run again when the pin moves (DECISIONS 28): a name that is missing here would be missing in the page."""
    theirs = get(Starlette(routes=create_host_config_routes(None)), CONFIG_PATH).json()
    assert {**theirs, "allowedOrigins": [], "blockErrorDialogs": True} == ANSWER
    assert theirs["allowedOrigins"] and theirs["blockErrorDialogs"] is False


def test_it_is_answered_instead_of_streamlit_and_nothing_else_is() -> None:
    def streamlits(_request: object) -> PlainTextResponse:
        return PlainTextResponse("Streamlit's")

    routes = [Route(path, streamlits) for path in (CONFIG_PATH, "/_stcore/health")]
    host_config_app = Starlette(routes=routes, middleware=[Middleware(HostConfig)])
    assert get(host_config_app, CONFIG_PATH).json() == ANSWER
    assert get(host_config_app, "/_stcore/health").text == "Streamlit's"
