"""Builds the award table: reads marks, interaction readings and decisions in one transaction and applies the rules."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.context import ContestState, millis
from core.desk.interactions import counting
from core.papers import document as paper
from core.rules.contest import Contest, PrizeBy
from core.rules.ids import EntryId, JudgeId, PrizeKey
from core.rules.interactions import Count, counted
from core.rules.prizes.allocation import Allocation, Choice, Withhold, allocate
from core.rules.rule_card.sentences import in_words
from core.rules.scoring.methods import method_of
from core.rules.scoring.ranking import MarkRow, Standing, rank_panels
from core.rules.words import Locale, Sentence
from core.store import ledger_rows
from core.store.engine import Connection
from core.store.ledger import Chain
from core.store.queries import awards, readings
from core.store.queries import standings as rows
from core.store.queries.standings import CountedSheet

VIETNAMESE = Locale()  # the language of the papers
ISSUERS = ("steering", "committee")  # keys of bodies: the superior body, then the one that issues the table


@dataclass(frozen=True, slots=True)
class AwardState:
    """Everything the award table is made of, read in one transaction."""

    contest: Contest
    rule_card: str
    works: dict[str, awards.Credits]
    panel: tuple[rows.Panellist, ...]
    sheets: tuple[CountedSheet, ...]
    recusals: frozenset[tuple[JudgeId, EntryId]]
    decisions: tuple[awards.DecisionRow, ...]
    seals: dict[tuple[str, str], awards.Seal]
    proof: paper.Proof
    standings: tuple[Standing, ...]
    counts: dict[EntryId, Count]
    allocation: Allocation

    def with_also(self, decision: Choice | Withhold) -> Allocation:
        """The allocation that the rules would give with this decision added."""
        decided = (*map(as_rule, self.decisions), decision)
        return allocate(self.contest, self.standings, self.counts, decided)


def gather(connection: Connection, facts: ContestState, *, with_interactions: bool) -> AwardState:
    """Read, rank and allocate inside one transaction.

    With `with_interactions` False no readings are used, so the prizes given by interactions are not awarded yet.
    """
    contest = facts.contest
    sheets = tuple(rows.sheets(connection, len(contest.criteria)))
    works, recusals = awards.credited(connection), rows.recusals(connection)
    standings = rank_panels(contest, panels_of(works, sheets, recusals))
    counts = counted(contest, counting(readings.readings(connection))) if with_interactions else {}
    decisions, head = awards.decisions(connection), ledger_rows.head(connection, Chain.RESULT)
    allocation = allocate(contest, standings, counts, tuple(map(as_rule, decisions)))
    return AwardState(
        contest=contest,
        rule_card=facts.rule_card,
        works=works,
        panel=_panel(connection, sheets),
        sheets=sheets,
        recusals=recusals,
        decisions=decisions,
        seals={(seal.judge, seal.entry): seal for seal in awards.seals(connection)},
        proof=paper.Proof(facts.rule_card, head.seq, head.hash.hex()),
        standings=standings,
        counts=counts,
        allocation=allocation if with_interactions else without_interactions(contest, allocation),
    )


def panels_of(
    works: Iterable[str], sheets: Iterable[CountedSheet], recusals: Collection[tuple[JudgeId, EntryId]]
) -> dict[EntryId, dict[JudgeId, MarkRow]]:
    """The marks that count, by work and judge; works without sheets are there too."""
    panels: dict[EntryId, dict[JudgeId, MarkRow]] = {EntryId(code): {} for code in works}
    for sheet in sheets:
        if (sheet.judge, sheet.entry) not in recusals:
            panels[sheet.entry][sheet.judge] = sheet.marks
    return panels


def _panel(connection: Connection, sheets: tuple[CountedSheet, ...]) -> tuple[rows.Panellist, ...]:
    """The judges' columns: all assigned judges, then the others who have a sheet that counts, by username."""
    assigned = rows.panel(connection)
    others = {sheet.judge for sheet in sheets} - {judge.username for judge in assigned}
    return (*assigned, *(rows.Panellist(judge, judge, "") for judge in sorted(others)))


def without_interactions(contest: Contest, allocation: Allocation) -> Allocation:
    """The allocation without vacant prizes of interactions: the reader may not see the counts behind them."""
    vacant = tuple(each for each in allocation.vacant if contest.prize(each.prize).by is PrizeBy.SCORE)
    return replace(allocation, vacant=vacant)


def as_rule(row: awards.DecisionRow) -> Choice | Withhold:
    """A stored decision as an object of the rules."""
    if row.kind == "choose":
        return Choice(PrizeKey(row.prize), tuple(map(EntryId, row.entries)), row.reason)
    return Withhold(PrizeKey(row.prize), row.quantity, row.reason)


def award_document(state: AwardState, now: datetime, *, confirmed_by: str | None, salt: str) -> paper.AwardDocument:
    """The award document in Vietnamese. `salt` is the stored salt of a confirmed document, "" for a draft."""
    return paper.AwardDocument(
        letterhead=_letterhead(state.contest),
        proof=state.proof,
        drawn_at=millis(now),
        confirmed_by=confirmed_by,
        salt=salt,
        rules=tuple(map(_localized, in_words(state.contest))),
        sections=(_section(state),),
    )


def _section(state: AwardState) -> paper.Section:
    """The only section, with every work and every prize: a contest has one category."""
    contest = state.contest
    return paper.Section(
        key="",
        name="",
        score_places=contest.scoring.decimals,
        score_name=_localized(method_of(contest).name),
        total_scale=100 * contest.weight_scale,
        criteria=tuple(paper.CriterionColumn(each.key, each.name, each.maximum) for each in contest.criteria),
        judges=tuple(paper.JudgeColumn(judge.username, judge.name, number=judge.pseudonym) for judge in state.panel),
        awards=_awards(state),
        undecided=tuple(
            paper.OpenPrize(
                contest.prize(open_.prize).name, open_.quantity, tuple(open_.entries), _localized(open_.why)
            )
            for open_ in state.allocation.undecided
        ),
        withheld=_not_given(state),
        standings=_standings(state),
        sheets=_sheets(state),
    )


def _letterhead(contest: Contest) -> paper.Letterhead:
    bodies = dict(contest.bodies)
    issuing = tuple(bodies[what] for what in ISSUERS if what in bodies) or tuple(name for _, name in contest.bodies[:2])
    signing = tuple(paper.Signatory(what, title, "") for what, title in reversed(contest.signatories))
    return paper.Letterhead(contest.name, issuing, contest.place, contest.legal_basis, signing)


def _awards(state: AwardState) -> tuple[paper.AwardRow, ...]:
    places = {standing.entry: standing for standing in state.standings}
    result = []
    for award in state.allocation.awards:
        prize, work, standing = state.contest.prize(award.prize), state.works[award.entry], places[award.entry]
        result.append(
            paper.AwardRow(
                prize=prize.key,
                prize_name=prize.name,
                certificate=prize.certificate,
                code=work.code,
                title=work.title,
                author=work.author,
                unit=work.unit,
                place=standing.place,
                score=standing.score,
                amount=award.amount,
                why=_localized(award.why),
            )
        )
    return tuple(result)


def _not_given(state: AwardState) -> tuple[paper.WithheldPrize, ...]:
    """The prizes that the committee withholds, then those for which no work is left."""
    withheld = (*state.allocation.withheld, *state.allocation.vacant)
    return tuple(
        paper.WithheldPrize(state.contest.prize(each.prize).name, each.quantity, _localized(each.why))
        for each in withheld
    )


def _standings(state: AwardState) -> tuple[paper.StandingRow, ...]:
    column = {judge.username: at for at, judge in enumerate(state.panel)}
    totals: dict[str, dict[str, int]] = {}
    for sheet in state.sheets:
        totals.setdefault(sheet.entry, {})[sheet.judge] = state.contest.weighted(sheet.marks)
    recused: dict[str, list[int]] = {}
    for judge, entry in state.recusals:
        if judge in column:
            recused.setdefault(entry, []).append(column[judge])
    result = []
    for standing in state.standings:
        given = totals.get(standing.entry, {})
        result.append(
            paper.StandingRow(
                code=standing.entry,
                title=state.works[standing.entry].title,
                place=standing.place,
                score=standing.score,
                sheets=standing.sheets,
                totals=tuple(given.get(username) for username in column),
                recused=tuple(sorted(recused.get(standing.entry, ()))),
                spread=max(given.values()) - min(given.values()) if len(given) > 1 else None,
                note=" ".join(_localized_all((standing.tie_break, standing.note))),
            )
        )
    return tuple(result)


def _sheets(state: AwardState) -> tuple[paper.SheetRow, ...]:
    column = {judge.username: at for at, judge in enumerate(state.panel)}
    order = {standing.entry: at for at, standing in enumerate(state.standings)}
    result = []
    for sheet in sorted(state.sheets, key=lambda each: (order[each.entry], column[each.judge])):
        seal = state.seals.get((sheet.judge, sheet.entry))
        result.append(
            paper.SheetRow(
                code=sheet.entry,
                title=state.works[sheet.entry].title,
                judge=column[sheet.judge],
                marks=sheet.marks,
                total=state.contest.weighted(sheet.marks),
                revision=seal.revision if seal else 0,
                sealed_at=seal.sealed_at if seal else None,
            )
        )
    return tuple(result)


def _localized(sentence: Sentence) -> str:
    return sentence.localize(VIETNAMESE)


def _localized_all(sentences: Iterable[Sentence | None]) -> list[str]:
    return [_localized(sentence) for sentence in sentences if sentence is not None]
