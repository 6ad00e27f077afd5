"""The award table without its sheets, from the live standings: fast enough for a page that refreshes often."""

from core.desk.award_table import AwardState, without_interactions
from core.desk.standings.live_standings import LiveStandings
from core.papers import document as paper
from core.rules.ids import EntryId
from core.store import ledger_rows
from core.store.engine import Connection
from core.store.ledger import Chain
from core.store.queries import awards


def award_preview(live: LiveStandings, connection: Connection, *, with_interactions: bool) -> AwardState:
    """The awards as from `gather`, but only with works that have a prize or are in the tie of an undecided prize."""
    facts, tally = live.contest_state, live.standing()
    allocation = live.allocation(with_interactions=with_interactions)
    if not with_interactions:
        allocation = without_interactions(facts.contest, allocation)
    head = ledger_rows.head(connection, Chain.RESULT)
    named = {award.entry: None for award in allocation.awards}
    named |= {entry: None for open_ in allocation.undecided for entry in open_.entries}
    return AwardState(
        contest=facts.contest,
        rule_card=facts.rule_card,
        works=awards.credited(connection, named),
        panel=(),
        sheets=(),
        recusals=frozenset(),
        decisions=awards.decisions(connection),
        seals={},
        proof=paper.Proof(facts.rule_card, head.seq, head.hash.hex()),
        standings=tuple(tally.standing_unexplained(EntryId(entry)) for entry in named),
        counts={},
        allocation=allocation,
    )
