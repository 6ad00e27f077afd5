"""A kind of interaction is one entry of the register; the typed records and the stored formats have a place for each."""

from dataclasses import fields

import msgspec

from core.rules.contest import Interactions
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import Reading
from core.store.events.payloads import ReadingEntered
from core.store.migrations.versions import v1
from tests.rules.sample_contest import contest

KINDS = list(INTERACTION_KINDS)


def test_every_record_of_counts_has_the_kinds_of_the_register_in_its_order() -> None:
    assert [field.name for field in fields(Interactions)] == KINDS
    assert [field.name for field in fields(Reading) if field.name in INTERACTION_KINDS] == KINDS
    assert [field.name for field in msgspec.structs.fields(ReadingEntered) if field.name in INTERACTION_KINDS] == KINDS
    assert [column.name for column in v1.reading.columns if column.name in INTERACTION_KINDS] == KINDS


def test_the_weights_of_a_contest_are_by_the_kinds() -> None:
    assert Interactions(reactions=3, comments=0, shares=5, views=7).weights == dict(
        zip(KINDS, (3, 0, 5, 7), strict=True)
    )
    assert list(contest().interactions.weights) == KINDS
