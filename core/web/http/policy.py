"""Security headers: what our pages may load, and which sites may frame them (docs/security.md, Headers).

Streamlit itself sends no security headers. Its page has one inline script, which is allowed by its hash alone.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
STREAMLIT = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self' {sockets}; "
    "worker-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors {framed}"
)
OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The security headers of every response."""

    scripts: str  # the hashes of Streamlit's inline scripts, as a CSP source list
    sockets: str  # the origins of our WebSockets: in an old Safari 'self' does not include them
    secure: bool  # served over HTTPS

    def headers(self, *, ours: bool, framed: bool, cacheable: bool) -> Headers:
        """The headers of one response.

        `ours`: a page or route of our own. `framed`: a component that Streamlit frames. `cacheable`: a file that browsers
        may cache; any other response gets `no-store`.
        """
        return _headers(self, ours, framed, cacheable)


@cache
def _headers(policy: Policy, ours: bool, framed: bool, cacheable: bool) -> Headers:
    rule, frame = (OURS if ours else STREAMLIT), ours or framed
    csp = rule.format(scripts=policy.scripts, sockets=policy.sockets, framed="'self'" if frame else "'none'")
    headers = [(b"content-security-policy", csp.encode()), *ALWAYS]
    headers.append((b"x-frame-options", b"SAMEORIGIN" if frame else b"DENY"))
    if policy.secure:
        headers.append(TRANSPORT)
    if not cacheable:
        headers.append((b"cache-control", b"no-store"))
    return tuple(headers)


def inline_scripts(html: str) -> str:
    """The SHA-256 hashes of a page's inline scripts, as a CSP source list."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE.findall(html))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
