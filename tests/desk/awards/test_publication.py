"""Publication: by the committee, of the confirmed table, once; taken back by two members with a reason."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.desk import context, interactions, rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, public_result, publication
from core.desk.awards.award_refusals import ChangedMeanwhile
from core.desk.awards.publication import (
    AlreadyPublished,
    NoRetraction,
    NotConfirmed,
    NotPublished,
    OwnRetraction,
    RetractionWaits,
)
from core.desk.judging import judge_sheets
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import erasure, operations
from core.desk.noted_hash import TooLittleNoted
from core.papers import document_text
from core.papers.document import AwardDocument
from core.rules.access import NotAllowed, Principal, Role
from core.rules.permissions import may_see_standings
from core.rules.words import Locale
from core.store import ledger, ledger_rows, publications
from core.store import tables as t
from core.store.engine import Store
from core.store.ledger import Chain
from core.store.publications import PublishedAltered
from core.store.queries import awards
from tests.desk.contest_with_panel import (
    CHANNEL,
    CHIEF,
    CODES,
    LAN,
    MINH,
    NOW,
    SALT,
    SECRETARY,
    assigned_panel,
    joined,
    person,
)
from tests.desk.maintenance.test_conduct import MEETING
from tests.fixtures.ledger_payloads import acts
from tests.serving.databases import owner_transaction
from tests.store.verification.test_verify import altered

COMMITTEE = person("ban", Role.COMMITTEE)
SECOND, ADMIN = person("ban2", Role.COMMITTEE), person("quantri", Role.ADMIN)
LATER = MEETING + timedelta(hours=1)
REASON = "Sai tên một tác giả"


@pytest.fixture
def desk(store: Store) -> Store:
    """One work marked, and its prize confirmed by the committee, which has two members."""
    assigned_panel(store)
    for member in (COMMITTEE, SECOND, ADMIN):
        joined(store, member)
    for who in (LAN, MINH, CHIEF):
        judge_sheets.save(store, who, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
        judge_sheets.submit(store, who, CODES[0], 1, who.username.ljust(16, "k"), NOW)
    rounds.close(store, Reauthenticated(CHIEF), "Các tác phẩm khác không ai chấm.", NOW)
    interactions.freeze(store, CHANNEL, MEETING)
    seen = award_decisions.proposal(store, COMMITTEE, MEETING).seen
    award_decisions.confirm(store, Reauthenticated(COMMITTEE), seen, MEETING, SALT)
    return store


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def publish(store: Store, who: Principal = COMMITTEE) -> int:
    return publication.publish(store, Reauthenticated(who), publication.state(store, who).document, LATER)


def retract(store: Store, number: int, who: Principal = SECOND, answer: str = "") -> None:
    publication.retract(store, Reauthenticated(who), number, answer, LATER)


def is_public(store: Store) -> bool:
    facts = context.contest_state(store)
    return may_see_standings(None, facts.contest, facts)


def test_the_committee_publishes_once_and_everybody_may_look(desk: Store) -> None:
    assert not is_public(desk)
    number = publish(desk)
    assert is_public(desk) and context.contest_state(desk).published_at == LATER
    standing = publication.state(desk, COMMITTEE).standing
    assert standing is not None and (standing.number, standing.by, standing.at) == (number, COMMITTEE.name, LATER)
    with pytest.raises(AlreadyPublished):
        publish(desk, SECOND)
    ((_, payload),) = acts(desk, "result.published")
    with desk.read() as connection:
        text = publications.text(connection, 1)
        confirmed = awards.confirmed(connection)
    assert confirmed is not None
    documents = {
        name: document_text.fingerprint(text) for name, text in (("document", confirmed.document), ("public", text))
    }
    assert payload == {"publication": number, **documents}
    assert findings(desk) == []


def test_what_is_published_names_no_judge_beside_a_mark(desk: Store) -> None:
    publish(desk)
    with desk.read() as connection:
        text = publications.text(connection, 1)
        confirmed = awards.confirmed(connection)
    assert confirmed is not None
    before, after = document_text.read(confirmed.document), document_text.read(text)
    judges = {judge.name for section in before.sections for judge in section.judges}
    assert len(judges) >= 3 and all(name in confirmed.document and name not in text for name in judges)
    assert '"sealed_at":null' in text and len(after.sections[0].sheets) == len(before.sections[0].sheets) > 0
    assert (after.awards, after.proof) == (before.awards, before.proof)
    assert before.salt not in text and len(after.salt) == len(before.salt)


@pytest.mark.parametrize("values", [{"text": "{}"}, {"id": 7}, {"retracted_at": None}], ids=str)
def test_a_publication_that_the_ledger_does_not_have_is_not_given_out(desk: Store, values: dict[str, object]) -> None:
    number = publish(desk)
    if "retracted_at" in values:
        retract(desk, publication.propose_retraction(desk, COMMITTEE, number, REASON, LATER))
    assert public_result.public_result(desk).contest  # read by anybody
    with owner_transaction(desk) as connection:
        altered(connection, t.publication.update().values(values))
    with pytest.raises(PublishedAltered):
        public_result.public_result(desk)


def test_the_page_names_the_newest_mark_and_the_key(desk: Store) -> None:
    assert public_result.public_result(desk).mark == ""  # nothing is public yet
    publish(desk)
    found = public_result.public_result(desk)
    assert public_result.has_mark(desk, found.mark)
    with desk.read() as connection:
        assert found.mark.partition(":")[0] == str(ledger_rows.head(connection, Chain.RESULT).seq)
    assert re.fullmatch(r"ban-giam-khao/[a-z0-9-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}=*", found.key)


def test_a_mark_on_a_paper_is_found_in_the_ledger_or_not(desk: Store) -> None:
    with desk.read() as connection:
        head = ledger_rows.head(connection, Chain.RESULT)
    digits = head.hash.hex()[:16]
    assert public_result.has_mark(desk, f"{head.seq}:{digits}")
    assert public_result.has_mark(desk, ledger.receipt(head.seq, head.hash))
    other = digits[:-1] + ("1" if digits[-1] == "0" else "0")
    for wrong in (f"{head.seq - 1}:{digits}", f"{head.seq + 1}:{digits}", f"{head.seq}:{other}"):
        assert not public_result.has_mark(desk, wrong)
    for no_mark in ("", f"{head.seq}", f"{head.seq}:{digits[:15]}", "<b>", "9" * 30 + f":{digits}"):
        with pytest.raises(TooLittleNoted):
            public_result.has_mark(desk, no_mark)


def test_a_published_document_that_differs_from_the_confirmed_one_is_reported(desk: Store) -> None:
    """Even where its hash is in the ledger, as a program with a fault would write it."""
    whole = document_text.canonical

    def wrong(document: AwardDocument) -> str:
        awards_of = lambda section: replace(section, awards=())  # noqa: E731
        return whole(document.with_sections(awards_of))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document_text, "canonical", wrong)
        publish(desk)
    assert findings(desk) == ["Lần công bố thứ 1: giải khác với bảng trao giải đã xác nhận."]


def test_nothing_is_published_before_the_confirmation(store: Store) -> None:
    joined(assigned_panel(store), COMMITTEE)
    state = publication.state(store, COMMITTEE)
    assert (state.document, state.standing) == ("", None)
    with pytest.raises(NotConfirmed):
        publication.publish(store, Reauthenticated(COMMITTEE), "", LATER)
    assert acts(store, "result.published") == []


def test_what_is_published_is_the_table_that_the_page_showed(desk: Store) -> None:
    with pytest.raises(ChangedMeanwhile):
        publication.publish(desk, Reauthenticated(COMMITTEE), "sha256:" + "0" * 64, LATER)


def test_two_members_take_it_back_with_a_reason_and_publish_again(desk: Store) -> None:
    first = publish(desk)
    with pytest.raises(ReasonMissing):
        publication.propose_retraction(desk, COMMITTEE, first, " ", LATER)
    number = publication.propose_retraction(desk, COMMITTEE, first, REASON, LATER)
    assert is_public(desk)  # until another member confirms
    with pytest.raises(RetractionWaits):
        publication.propose_retraction(desk, SECOND, first, REASON, LATER)
    with pytest.raises(OwnRetraction):
        retract(desk, number, COMMITTEE)
    own, others = (publication.state(desk, who).waiting for who in (COMMITTEE, SECOND))
    assert own is not None and others is not None and (own.may_decide, others.may_decide) == (False, True)
    retract(desk, number, answer="Đúng là sai")
    assert not is_public(desk) and publication.state(desk, SECOND).standing is None
    with pytest.raises(NoRetraction):
        retract(desk, number)
    with pytest.raises(NotPublished):
        publication.propose_retraction(desk, SECOND, first, REASON, LATER)
    assert publish(desk, SECOND) != first and is_public(desk)
    history = publication.state(desk, COMMITTEE)
    assert [each.retracted_at is None for each in history.publications] == [False, True]
    (done,) = history.retractions
    assert (done.reason, done.by, done.outcome, done.answer, done.decided_by) == (
        REASON, COMMITTEE.name, "confirmed", "Đúng là sai", SECOND.name,
    )  # fmt: skip
    assert findings(desk) == []


def test_a_declined_proposal_leaves_it_public_and_another_may_follow(desk: Store) -> None:
    number = publish(desk)
    proposal = publication.propose_retraction(desk, SECOND, number, REASON, LATER)
    with pytest.raises(ReasonMissing):
        publication.decline_retraction(desk, COMMITTEE, proposal, "", LATER)
    with pytest.raises(OwnRetraction):
        publication.decline_retraction(desk, SECOND, proposal, "Thôi", LATER)
    publication.decline_retraction(desk, COMMITTEE, proposal, "Tên đúng rồi", LATER)
    assert is_public(desk)
    publication.propose_retraction(desk, SECOND, number, REASON, LATER)
    assert findings(desk) == []


@pytest.mark.parametrize("who", [LAN, CHIEF, SECRETARY, CHANNEL, ADMIN], ids=lambda who: who.username)
def test_nobody_else_publishes_or_takes_back(desk: Store, who: Principal) -> None:
    document, number = publication.state(desk, COMMITTEE).document, publish(desk)
    proposal = publication.propose_retraction(desk, COMMITTEE, number, REASON, LATER)
    tried: tuple[Callable[[], object], ...] = (
        lambda: publication.publish(desk, Reauthenticated(who), document, LATER),
        lambda: publication.propose_retraction(desk, who, number, REASON, LATER),
        lambda: publication.decline_retraction(desk, who, proposal, REASON, LATER),
        lambda: retract(desk, proposal, who),
    )
    for act in tried:
        with pytest.raises(NotAllowed):
            act()
    assert is_public(desk)


def test_the_reasons_are_erased_with_their_writers(desk: Store) -> None:
    number = publication.propose_retraction(desk, SECOND, publish(desk), REASON, LATER)
    publication.decline_retraction(desk, COMMITTEE, number, "Tên đúng rồi", LATER)
    for who in (SECOND, COMMITTEE):
        change = sa.update(t.account).where(t.account.c.username == who.username).values(active=0)
        desk.change(lambda u, change=change: u.connection.execute(change).close())  # type: ignore[misc]
        erasure.erase_account(desk, ADMIN, who.username, LATER)
    with desk.read() as connection:
        assert connection.execute(sa.select(t.retraction.c.reason, t.retraction.c.answer)).all() == [("", "")]
