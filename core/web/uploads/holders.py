"""Who may upload, and what the uploads of this server are: the one place where both are put together."""

from starlette.requests import Request

from core import http_names
from core.desk.accounts.throttling import network
from core.desk.entries import film_intake
from core.desk.uploads import uploads
from core.desk.uploads.uploads import Completed, Holder, UploadArea
from core.rules.access import SessionOver
from core.settings import settings
from core.web.http.responses import principal_of

COMPLETED: Completed = uploads.nothing_follows  # what follows a complete upload, in its transaction


def holder_of(request: Request) -> Holder:
    """The holder of the request's uploads. Raises SessionOver, NotAllowed, UnknownLink.

    Each way to upload is one branch here: an author's private link, or the session of somebody who registers works.
    """
    link = request.headers.get(http_names.ENTRY_LINK_HEADER, "")
    if link:
        return film_intake.author_holder(link, network(str(request.scope["state"].get("address", ""))))
    who = principal_of(request)
    if who is None:
        raise SessionOver
    return uploads.account_holder(who, network(str(request.scope["state"].get("address", ""))))


def upload_area() -> UploadArea:
    """The upload area of this server."""
    configured = settings()
    return UploadArea(configured.uploads, configured.upload_bytes, configured.upload_reserve_bytes, COMPLETED)
