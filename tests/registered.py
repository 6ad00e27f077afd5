"""What a fixture wrote straight into the tables, written into the ledger as the desk would have written it."""

import sqlalchemy as sa

from core.store import accounts
from core.store import tables as t
from core.store.engine import Unit
from core.store.events import payloads as p
from core.store.ledger import SYSTEM, pseudonym
from core.store.replay.stored import sha256


def registered(unit: Unit) -> None:
    """Write down the contest, its works, its people and their assignments. The passwords are the people's own."""
    contest = unit.connection.execute(sa.select(t.contest)).one()
    opened = p.ContestOpened(
        "thu", contest.rule_card, contest.rule_card_version, sha256(contest.toml), contest.seed, False
    )
    unit.record(at=0, actor=SYSTEM, payload=opened)
    for work in unit.connection.execute(sa.select(t.entry).order_by(t.entry.c.id)).all():
        title, author, owner = (unit.commit(text) for text in (work.title, work.author, work.unit))
        film = (work.sha256 or "0" * 64, work.milliseconds or 0, work.width or 0, work.height or 0, work.poster)
        unit.record(at=0, actor=SYSTEM, payload=p.EntryAdded(work.code, title, author, owner, *film))
    for account in accounts.all_accounts(unit.connection):
        account_registered(unit, account.username)
    assigned = t.assignment.join(t.account).join(t.entry)
    asked = sa.select(t.account.c.number, t.entry.c.code).select_from(assigned)
    pairs = unit.connection.execute(asked).all()
    for number in sorted({pair.number for pair in pairs}):
        codes = sorted(pair.code for pair in pairs if pair.number == number)
        unit.record(at=0, actor=SYSTEM, payload=p.JudgeAssigned(pseudonym(number, judge=True), codes))


def account_registered(unit: Unit, username: str) -> None:
    """Write down one account; its password is its own."""
    person = accounts.named(unit.connection, username)
    assert person is not None
    names, password = (unit.commit(username), unit.commit(person.name)), sha256(person.password)
    added = p.AccountAdded(person.pseudonym, *names, sorted(person.roles), person.is_demo, password)
    unit.record(at=0, actor=SYSTEM, payload=added)
    if not person.must_change:
        unit.record(at=0, actor=username, payload=p.PasswordChanged(person.pseudonym, password, "0" * 16))
