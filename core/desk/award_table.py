"""From the database to the award table: one moment's marks, readings and decisions, and what the rules make of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.context import ContestState, millis
from core.desk.interactions import as_reading
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
ISSUERS = ("steering", "committee")  # the superior body, then the one that issues the table


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything one moment says about the awards."""

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
        """What the rules would give if the committee decided this too."""
        decided = (*map(as_rule, self.decisions), decision)
        return allocate(self.contest, self.standings, self.counts, decided)


def gather(connection: Connection, facts: ContestState, *, with_interactions: bool) -> Gathered:
    """Read, rank and allocate inside one transaction. Without interactions, their prizes go to nobody yet."""
    contest = facts.contest
    sheets = tuple(rows.sheets(connection, len(contest.criteria)))
    works, recusals = awards.credited(connection), rows.recusals(connection)
    standings = rank_panels(contest, _panels(works, sheets, recusals))
    counts = counted(contest, map(as_reading, readings.readings(connection))) if with_interactions else {}
    decisions, head = awards.decisions(connection), ledger_rows.head(connection, Chain.RESULT)
    allocation = allocate(contest, standings, counts, tuple(map(as_rule, decisions)))
    return Gathered(
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


def _panels(
    works: Iterable[str], sheets: Iterable[CountedSheet], recusals: Collection[tuple[JudgeId, EntryId]]
) -> dict[EntryId, dict[JudgeId, MarkRow]]:
    panels: dict[EntryId, dict[JudgeId, MarkRow]] = {EntryId(code): {} for code in works}
    for sheet in sheets:
        if (sheet.judge, sheet.entry) not in recusals:
            panels[sheet.entry][sheet.judge] = sheet.marks
    return panels


def _panel(connection: Connection, sheets: tuple[CountedSheet, ...]) -> tuple[rows.Panellist, ...]:
    """The judges' columns: everybody assigned, and whoever has a sheet that counts."""
    assigned = rows.panel(connection)
    others = {sheet.judge for sheet in sheets} - {judge.username for judge in assigned}
    return (*assigned, *(rows.Panellist(judge, judge, "") for judge in sorted(others)))


def without_interactions(contest: Contest, allocation: Allocation) -> Allocation:
    """A prize whose counts the reader must not see is not said to be left over."""
    vacant = tuple(each for each in allocation.vacant if contest.prize(each.prize).by is PrizeBy.SCORE)
    return replace(allocation, vacant=vacant)


def as_rule(row: awards.DecisionRow) -> Choice | Withhold:
    """A kept decision as the rules know it."""
    if row.kind == "choose":
        return Choice(PrizeKey(row.prize), tuple(map(EntryId, row.entries)), row.reason)
    return Withhold(PrizeKey(row.prize), row.quantity, row.reason)


def drawn(gathered: Gathered, now: datetime, *, confirmed_by: str | None, salt: str) -> paper.AwardDocument:
    """The award document, in Vietnamese; `salt` as it is stored with a confirmed one, "" for a draft."""
    return paper.AwardDocument(
        letterhead=_letterhead(gathered.contest),
        proof=gathered.proof,
        drawn_at=millis(now),
        confirmed_by=confirmed_by,
        salt=salt,
        rules=tuple(map(_said, in_words(gathered.contest))),
        sections=(_section(gathered),),
    )


def _section(gathered: Gathered) -> paper.Section:
    """Every work and every prize: the contest has one category."""
    contest = gathered.contest
    return paper.Section(
        key="",
        name="",
        score_places=contest.scoring.decimals,
        score_name=_said(method_of(contest).name),
        total_scale=100 * contest.weight_scale,
        criteria=tuple(paper.CriterionColumn(each.key, each.name, each.maximum) for each in contest.criteria),
        judges=tuple(paper.JudgeColumn(judge.username, judge.name, number=judge.pseudonym) for judge in gathered.panel),
        awards=_awards(gathered),
        undecided=tuple(
            paper.OpenPrize(contest.prize(open_.prize).name, open_.quantity, tuple(open_.entries), _said(open_.why))
            for open_ in gathered.allocation.undecided
        ),
        withheld=_not_given(gathered),
        standings=_standings(gathered),
        sheets=_sheets(gathered),
    )


def _letterhead(contest: Contest) -> paper.Letterhead:
    bodies = dict(contest.bodies)
    issuing = tuple(bodies[what] for what in ISSUERS if what in bodies) or tuple(name for _, name in contest.bodies[:2])
    signing = tuple(paper.Signatory(what, title, "") for what, title in reversed(contest.signatories))
    return paper.Letterhead(contest.name, issuing, contest.place, contest.legal_basis, signing)


def _awards(gathered: Gathered) -> tuple[paper.AwardRow, ...]:
    places = {standing.entry: standing for standing in gathered.standings}
    made = []
    for award in gathered.allocation.awards:
        prize, work, standing = gathered.contest.prize(award.prize), gathered.works[award.entry], places[award.entry]
        made.append(
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
                why=_said(award.why),
            )
        )
    return tuple(made)


def _not_given(gathered: Gathered) -> tuple[paper.WithheldPrize, ...]:
    """What the committee withholds, then what nobody is left to take."""
    kept = (*gathered.allocation.withheld, *gathered.allocation.vacant)
    return tuple(
        paper.WithheldPrize(gathered.contest.prize(each.prize).name, each.quantity, _said(each.why)) for each in kept
    )


def _standings(gathered: Gathered) -> tuple[paper.StandingRow, ...]:
    column = {judge.username: at for at, judge in enumerate(gathered.panel)}
    totals: dict[str, dict[str, int]] = {}
    for sheet in gathered.sheets:
        totals.setdefault(sheet.entry, {})[sheet.judge] = gathered.contest.weighted(sheet.marks)
    away: dict[str, list[int]] = {}
    for judge, entry in gathered.recusals:
        if judge in column:
            away.setdefault(entry, []).append(column[judge])
    made = []
    for standing in gathered.standings:
        given = totals.get(standing.entry, {})
        made.append(
            paper.StandingRow(
                code=standing.entry,
                title=gathered.works[standing.entry].title,
                place=standing.place,
                score=standing.score,
                sheets=standing.sheets,
                totals=tuple(given.get(username) for username in column),
                recused=tuple(sorted(away.get(standing.entry, ()))),
                spread=max(given.values()) - min(given.values()) if len(given) > 1 else None,
                note=" ".join(_all_said((standing.tie_break, standing.note))),
            )
        )
    return tuple(made)


def _sheets(gathered: Gathered) -> tuple[paper.SheetRow, ...]:
    column = {judge.username: at for at, judge in enumerate(gathered.panel)}
    order = {standing.entry: at for at, standing in enumerate(gathered.standings)}
    made = []
    for sheet in sorted(gathered.sheets, key=lambda each: (order[each.entry], column[each.judge])):
        seal = gathered.seals.get((sheet.judge, sheet.entry))
        made.append(
            paper.SheetRow(
                code=sheet.entry,
                title=gathered.works[sheet.entry].title,
                judge=column[sheet.judge],
                marks=sheet.marks,
                total=gathered.contest.weighted(sheet.marks),
                revision=seal.revision if seal else 0,
                sealed_at=seal.sealed_at if seal else None,
            )
        )
    return tuple(made)


def _said(sentence: Sentence) -> str:
    return sentence.localize(VIETNAMESE)


def _all_said(sentences: Iterable[Sentence | None]) -> list[str]:
    return [_said(sentence) for sentence in sentences if sentence is not None]
