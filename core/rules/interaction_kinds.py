"""The register of interaction kinds: what a post is counted by (plan IV.6; docs/contest-rules.md, Interaction prizes).

A new kind is one entry here, one field of `core.rules.contest.Interactions` and of `core.rules.interactions.Reading`, one
column of the table `reading` by a migration, and a new version of the payload `ReadingEntered`;
`tests/rules/test_interaction_kinds.py` holds them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class InteractionKind:
    """One kind of interaction.

    `key` names it in the contest file, the tables, the ledger and the files of counts; `name` stands inside a sentence.
    A file of counts must have a column for every `required` kind.
    """

    key: str
    name: Sentence
    required: bool = True


_REGISTER = (
    InteractionKind("reactions", Sentence("cảm xúc")),
    InteractionKind("comments", Sentence("bình luận")),
    InteractionKind("shares", Sentence("chia sẻ")),
    InteractionKind("views", Sentence("lượt xem"), required=False),
)
INTERACTION_KINDS: Mapping[str, InteractionKind] = {kind.key: kind for kind in _REGISTER}
