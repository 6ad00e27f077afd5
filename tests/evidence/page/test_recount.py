"""The page's own recount of standings and awards beside the desk's rules, on many contests in one window."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.rules.contest import Method
from core.rules.prizes.allocation import Choice, Withhold
from core.rules.rule_card import card
from core.store.events import EVENTS
from core.store.ledger import Chain
from tests import verifier_page
from tests.evidence.page.invented_contests import random_day, rich_day
from tests.evidence.page.sample_bundles import Recorded

pytestmark = pytest.mark.browser
CONTESTS = 600
RECOUNT = """cases => { %s
  const plain = (_, value) => typeof value === "bigint" ? Number(value) : value instanceof Map ? undefined : value;
  return cases.map(({card, rows}) => {
    const replay = new Replay(readRuleCard(new TextEncoder().encode(card)), "");
    for (const row of rows) replay.take(row);
    return JSON.parse(JSON.stringify(replay.recount(), plain));
  });
}"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def recounted(window: Page, contests: list[Recorded]) -> list[dict[str, Any]]:
    cases = [
        {"card": card.canonical(each.contest), "rows": [json.loads(row.text) for row in each.rows]} for each in contests
    ]
    found: list[dict[str, Any]] = window.evaluate(RECOUNT % verifier_page.joined("replay.js", "rule-card.js"), cases)
    return found


def by_the_desk(recorded: Recorded) -> dict[str, Any]:
    """The desk's result in the shape of the page's."""
    standings, allocation = recorded.result()
    rows = [{"entry": s.entry, "place": s.place, "score": s.score, "sheets": s.sheets} for s in standings]
    return {
        "rows": rows,
        "panels": None,
        "awards": [{"prize": a.prize, "entry": a.entry, "amount": a.amount} for a in allocation.awards],
        "undecided": [
            {"prize": u.prize, "quantity": u.quantity, "entries": list(u.entries)} for u in allocation.undecided
        ],
        "notGiven": [{"prize": n.prize, "quantity": n.quantity} for n in (*allocation.withheld, *allocation.vacant)],
        "unused": len(allocation.unused),
    }


def same(found: dict[str, Any], recorded: Recorded) -> bool:
    return {**found, "unused": len(found["unused"]), "panels": None} == by_the_desk(recorded)


def test_every_random_contest_is_recounted_as_the_desk_does(window: Page) -> None:
    contests = [random_day(seed) for seed in range(CONTESTS)]
    found = recounted(window, contests)
    assert [seed for seed in range(CONTESTS) if not same(found[seed], contests[seed])] == []
    # The contests have what is compared: each method with missing ranks, ties that were decided or shared, and counts.
    assert {each.contest.scoring.method for each in contests} == set(Method)
    assert sum(any(s.span for s in each.result()[0]) for each in contests) > 10
    assert sum(any(isinstance(d, Choice) for d in each.decisions) for each in contests) > 40
    assert sum(any(a.shared for a in each.result()[1].awards) for each in contests) > 40


def test_open_prizes_and_decisions_without_effect_are_named(window: Page) -> None:
    undecided, unused, rich = rich_day(), rich_day(), [rich_day(method) for method in Method]
    twin = undecided.works[0], undecided.works[1]
    for judge in undecided.judges:
        for work in twin:
            undecided.give_back(judge, work)
            undecided.seal(judge, work, 900, 900)
    unused.decide(Withhold(unused.contest.prizes[0].key, 5))
    unused.decide(Choice(unused.contest.prizes[1].key, unused.works[:2]))
    found = recounted(window, [undecided, unused, *rich])
    assert found[0]["undecided"][0]["entries"] == list(twin)
    assert len(found[1]["unused"]) == 2
    assert all(same(*pair) for pair in zip(found, [undecided, unused, *rich], strict=True))


def test_every_event_of_the_result_chain_is_known_in_every_version(window: Page) -> None:
    versions = "Object.fromEntries(Object.entries(EVENTS).map(([name, fields]) => [name, fields.length]))"
    known = window.evaluate(f"() => {{ {verifier_page.joined('events.js')} return {versions}; }}")
    assert known == {event.name: event.version for event in EVENTS.values() if event.chain is Chain.RESULT}
