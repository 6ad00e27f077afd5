"""What Streamlit's page asks about its host: no other site may frame it, and a broken connection is told in our words.

Streamlit would lay a dialog in English over everything, so that a judge could not even type on; the page's own style says
it instead (`core/web/static/look.css`), and the sheet says of itself what is kept.
"""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ASKED = "/_stcore/host-config"  # a prefix that Streamlit keeps from routes, not from what stands before it
ANSWER = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


class Host:
    """Answers in Streamlit's stead."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the one question, pass on every other."""
        asked = scope["type"] == "http" and scope["path"] == ASKED
        await (JSONResponse(ANSWER) if asked else self.app)(scope, receive, send)
