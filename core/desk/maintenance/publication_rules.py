"""The rules for ledger rows about the publication of the result."""

from collections.abc import Iterator

from core.desk.maintenance.conduct_rules import NOT_ALLOWED, Case
from core.rules import permissions
from core.rules.words import Sentence

UNCONFIRMED = Sentence(
    "kết quả được công bố khi bảng trao giải chưa xác nhận, hoặc không phải bảng đã xác nhận ({event})"
)
PUBLIC_ALREADY = Sentence("kết quả được công bố khi đang công bố ({event})")
NOT_PUBLIC = Sentence("đề nghị thu hồi một lần công bố không còn hiệu lực ({event})")
OTHER_RETRACTION = Sentence("đề nghị thu hồi công bố không khớp với trạng thái khi đó ({event})")


def published(case: Case) -> Iterator[Sentence]:
    """Rule: by the committee, of the confirmed award table, while the result is not public."""
    if not permissions.may_publish(case.who):
        yield NOT_ALLOWED
    confirmed = [table["document"] for table in case.state["award_table"].values()]
    if confirmed != [case.payload.document]:
        yield UNCONFIRMED
    if case.state.contest["published_at"] is not None:
        yield PUBLIC_ALREADY


def proposed(case: Case) -> Iterator[Sentence]:
    """Rule: by the committee, about the publication that stands, while no other proposal waits."""
    if not permissions.may_publish(case.who):
        yield NOT_ALLOWED
    publication = case.state["publication"].get((case.payload.publication,))
    if publication is None or publication["retracted_at"] is not None:
        yield NOT_PUBLIC
    if any(each["outcome"] is None for each in case.state["retraction"].values()):
        yield OTHER_RETRACTION


def decided(case: Case) -> Iterator[Sentence]:
    """Rule: a proposal that waits, by another member of the committee than its proposer."""
    proposal = case.state["retraction"].get((case.payload.retraction,))
    if proposal is None or proposal["outcome"] is not None:
        yield OTHER_RETRACTION
    elif not permissions.may_decide_retraction(case.who, str(proposal["proposed_by"])):
        yield NOT_ALLOWED


def retracted(case: Case) -> Iterator[Sentence]:
    """Rule: what is taken back is the publication of the proposal, and it stands."""
    proposal = case.state["retraction"].get((case.payload.retraction,))
    named = proposal["publication_id"] if proposal is not None else None
    publication = case.state["publication"].get((case.payload.publication,))
    if named != case.payload.publication or publication is None or publication["retracted_at"] is not None:
        yield NOT_PUBLIC
