"""The number of a post in Facebook's Graph API, from the post's address (docs/contest-rules.md, Counts from Facebook).

The Graph API names a post of a page as PAGE_POST. An address that hides the number, such as `fb.watch/…` or `/share/…`,
would have to be opened to be understood; the desk opens no address that somebody typed.
"""

import re
from urllib.parse import parse_qs, urlsplit

from core.rules.words import Refusal

_HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com", "mbasic.facebook.com", "web.facebook.com"})
_NUMBER = re.compile(r"[0-9]{5,25}")
_POST = re.compile(r"[0-9]{5,25}|pfbid[A-Za-z0-9]{10,100}")
_IN_PATH = re.compile(r"/(?P<page>[^/]+)/(?:posts|videos|photos)/(?:[^/]+/)?(?P<post>[^/]+)/?|/reel/(?P<reel>[^/]+)/?")
_QUERIES = {  # path -> the field with the post's number
    "/permalink.php": "story_fbid",
    "/story.php": "story_fbid",
    "/photo.php": "fbid",
    "/photo": "fbid",
    "/photo/": "fbid",
    "/watch": "v",
    "/watch/": "v",
}


class NotOnFacebook(Refusal):
    """The address is not one of Facebook's."""

    def __init__(self) -> None:
        super().__init__("Địa chỉ bài đăng không phải của Facebook.")


class NumberHidden(Refusal):
    """The address does not tell the post's number."""

    def __init__(self) -> None:
        super().__init__("Địa chỉ bài đăng không có số của bài; hãy ghi địa chỉ đầy đủ của bài.")


class OtherPage(Refusal):
    """The address names another page than the one whose counts are read."""

    def __init__(self) -> None:
        super().__init__("Địa chỉ là bài của một trang khác, không phải trang của cuộc thi.")


def post_number(address: str, page: str) -> str:
    """The post's name in the Graph API, "PAGE_POST". `page`: the number of the contest's page.

    Raises NotOnFacebook, NumberHidden, OtherPage.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise NotOnFacebook from None
    if parts.scheme != "https" or host not in _HOSTS:
        raise NotOnFacebook
    asked = parse_qs(parts.query)
    if parts.path in _QUERIES:
        owner, post = _first(asked, "id"), _first(asked, _QUERIES[parts.path])
    else:
        found = _IN_PATH.fullmatch(parts.path)
        owner, post = (found["page"] or "", found["post"] or found["reel"]) if found else ("", "")
    if not _POST.fullmatch(post):
        raise NumberHidden
    if _NUMBER.fullmatch(owner) and owner != page:
        raise OtherPage
    return f"{page}_{post}"


def _first(asked: dict[str, list[str]], name: str) -> str:
    return asked.get(name, [""])[0]
