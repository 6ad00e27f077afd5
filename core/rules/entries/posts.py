"""Where and when a finalist was posted (R06, R17; plan III.2, IV.4)."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from core.rules.contest import Contest
from core.rules.words import Refusal

MOST = 500  # characters of an address
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class BadAddress(Refusal):
    """What was typed is not the address of a post."""

    def __init__(self) -> None:
        super().__init__(
            "Địa chỉ bài đăng phải bắt đầu bằng https://, dài nhất {most} ký tự, không có dấu cách.", most=MOST
        )


class PostedLater(Refusal):
    """A post cannot have been made later than now."""

    def __init__(self) -> None:
        super().__init__("Thời điểm đăng bài không được muộn hơn bây giờ.")


def checked_address(text: str) -> str:
    """The address of a post, trimmed; "" where there is none. It is shown as text, never opened. Raises BadAddress."""
    address = text.strip()
    if not address:
        return ""
    if len(address) > MOST or not address.isascii() or not address.isprintable() or " " in address:
        raise BadAddress
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress from None
    if parts.scheme != "https" or "@" in parts.netloc or port is not None or not _HOST.fullmatch(host):
        raise BadAddress
    return address


def checked_posted_at(posted_at: datetime, now: datetime) -> datetime:
    """The time of a post. Raises PostedLater."""
    if posted_at > now:
        raise PostedLater
    return posted_at


def posted_late(contest: Contest, posted_at: datetime | None, now: datetime) -> bool:
    """Whether a finalist was posted after the window of R17, or has not been and the window has ended."""
    at = posted_at or now
    return contest.phases is not None and at.replace(microsecond=0) > contest.phases.screening.closes
