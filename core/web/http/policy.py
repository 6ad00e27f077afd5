"""The browser's orders: what a page of this house may load, and who may frame it (docs/security.md, Headers).

Streamlit sends no security headers itself; its page carries one inline script, allowed by its own hash and no other.
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
    """What every answer of this house tells the browser."""

    scripts: str  # the hashes of Streamlit's inline scripts, as a source list
    sockets: str  # the origins of our WebSockets: an old Safari does not count them under 'self'
    secure: bool  # HTTPS stands in front

    def headers(self, *, ours: bool, framed: bool, kept: bool) -> Headers:
        """The headers of one answer: `ours` is a page or route of our own, `framed` a component that Streamlit
        frames, `kept` a file that may lie in a browser's cache.
        """
        return _headers(self, ours, framed, kept)


@cache
def _headers(policy: Policy, ours: bool, framed: bool, kept: bool) -> Headers:
    rule, frame = (OURS if ours else STREAMLIT), ours or framed
    said = rule.format(scripts=policy.scripts, sockets=policy.sockets, framed="'self'" if frame else "'none'")
    found = [(b"content-security-policy", said.encode()), *ALWAYS]
    found.append((b"x-frame-options", b"SAMEORIGIN" if frame else b"DENY"))
    if policy.secure:
        found.append(TRANSPORT)
    if not kept:
        found.append((b"cache-control", b"no-store"))
    return tuple(found)


def inline_scripts(html: str) -> str:
    """The inline scripts of a page, each by its SHA-256, as a source list."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE.findall(html))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
