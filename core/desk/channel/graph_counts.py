"""Counts read from Facebook for the grid. Nothing is stored: they are typed into the grid by the page, and saved as ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization
from core.desk.channel.graph_api import Counts, GraphRefusal, read_counts
from core.desk.context import millis, moment
from core.desk.interactions import InteractionsFrozen, UnknownWork
from core.rules import permissions
from core.rules.access import Principal
from core.rules.permissions import must
from core.rules.words import Refusal
from core.settings import GraphApi
from core.store.engine import Connection, Store
from core.store.finals import posts
from core.store.queries import readings


class GraphOff(Refusal):
    """No token of the Graph API is set."""

    def __init__(self) -> None:
        super().__init__("Chưa đặt mã truy cập Facebook (GRAPH_API_TOKEN) nên không đọc được.")


class NoAddress(Refusal):
    """No post of this work is recorded."""

    def __init__(self) -> None:
        super().__init__("Chưa ghi địa chỉ bài đăng.")


@dataclass(frozen=True, slots=True)
class FetchedPost:
    """What was read of a work's post: its counts, or why not. `address`: of the post, "" where none is recorded."""

    code: str
    address: str
    found: Counts | Refusal

    @property
    def stops(self) -> bool:
        """True if no other post could be read either."""
        return isinstance(self.found, GraphRefusal) and self.found.stops


def fetch(
    store: Store, who: Principal, codes: Sequence[str], api: GraphApi | None, now: datetime
) -> tuple[FetchedPost, ...]:
    """Read the posts of these works from Facebook, outside any transaction.

    Raises NotAllowed, SessionOver, GraphOff, InteractionsFrozen, UnknownWork.
    """
    must(permissions.may_enter_interactions(who))
    if api is None:
        raise GraphOff
    with store.read() as connection:
        must(permissions.may_enter_interactions(authorization.current_principal(connection, who, millis(now))))
        frozen = moment(readings.frozen_at(connection))
        known = _addresses(connection)
    if frozen is not None:
        raise InteractionsFrozen(frozen)
    for code in codes:
        if code not in known:
            raise UnknownWork(code)
    asked = {code: known[code] for code in codes}
    read = read_counts(api, {code: address for code, address in asked.items() if address})
    return tuple(FetchedPost(code, address, read.get(code) or NoAddress()) for code, address in asked.items())


def _addresses(connection: Connection) -> dict[str, str]:
    """The recorded address of each work's post: the list of finalists, else the last reading that names one."""
    codes = [work.code for work in readings.works(connection)]
    given = {
        row.entry: row.detail.address for row in readings.readings(connection) if row.detail and row.detail.address
    }
    listed = {post.code: post.address for post in posts.posts(connection)}  # the last one counts
    return {code: listed.get(code, given.get(code, "")) for code in codes}
