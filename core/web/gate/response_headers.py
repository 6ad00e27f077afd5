"""The headers that the gate adds to every response: security headers, and a cookie that tells browsers apart."""

import secrets

from starlette.types import Message, Send

from core.web.gate.admission import Admission
from core.web.gate.incoming import IncomingRequest

FILES = ("/static/", "/assets/")  # public files without secrets
COMPONENTS = ("/component/", "/_stcore/bidi-components/")


def with_headers(admission: Admission, request: IncomingRequest, send: Send) -> Send:
    """A `send` that adds the security headers, and sets the browser cookie on a page if there is none."""
    fresh = request.path in admission.pages and admission.browser_cookie not in request.cookies

    async def with_security_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = request.ours or request.path.startswith("/assets/")
            framed = request.path.startswith(COMPONENTS)
            cacheable = request.path.startswith((*FILES, *COMPONENTS))
            headers = [(name, value) for name, value in message["headers"] if name.lower() != b"server"]
            have = {name.lower() for name, _ in headers}
            rules = admission.policy.headers(ours=ours, framed=framed, cacheable=cacheable)
            headers += [(name, value) for name, value in rules if name not in have]
            if fresh:
                cookie = f"{admission.browser_cookie}={secrets.token_urlsafe(32)}{admission.cookie_attributes}"
                headers.append((b"set-cookie", cookie.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return with_security_headers
