"""What Streamlit's page is told of its host: Streamlit's own answer, but for the frames and the dialogs that we do not want."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from core.web.streamlit_page.host_config import ANSWER, ASKED, Host


def asked(app: ASGIApp, path: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(answer())


def test_it_differs_from_the_pinned_streamlits_in_two_things() -> None:
    """Run again when the pin moves (DECISIONS 28): a name that is missing here would be missing in the page."""
    theirs = asked(Starlette(routes=create_host_config_routes(None)), ASKED).json()
    assert {**theirs, "allowedOrigins": [], "blockErrorDialogs": True} == ANSWER
    assert theirs["allowedOrigins"] and theirs["blockErrorDialogs"] is False


def test_it_is_answered_in_streamlits_stead_and_nothing_else_is() -> None:
    def streamlits(_request: object) -> PlainTextResponse:
        return PlainTextResponse("Streamlit's")

    routes = [Route(path, streamlits) for path in (ASKED, "/_stcore/health")]
    house = Starlette(routes=routes, middleware=[Middleware(Host)])
    assert asked(house, ASKED).json() == ANSWER
    assert asked(house, "/_stcore/health").text == "Streamlit's"
