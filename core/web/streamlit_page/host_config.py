"""The response to Streamlit's request for its host configuration: no other site may frame it, no error dialogs.

When the connection breaks, Streamlit would cover the page with an English dialog, and a judge could not continue to
type. Instead our style shows a notice (`core/web/static/streamlit.css`), and the sheet itself shows what is saved.
"""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CONFIG_PATH = "/_stcore/host-config"  # Streamlit reserves this prefix: a route cannot answer it, a middleware can
ANSWER = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


class HostConfig:
    """Middleware that answers the host configuration request instead of Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the host configuration request; pass on all others."""
        is_config_request = scope["type"] == "http" and scope["path"] == CONFIG_PATH
        await (JSONResponse(ANSWER) if is_config_request else self.app)(scope, receive, send)
