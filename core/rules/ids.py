"""Names that cannot be swapped for one another."""

from typing import NewType

EntryId = NewType("EntryId", str)  # the judging code, e.g. "T-417": what a judge sees
JudgeId = NewType("JudgeId", str)  # the account's username
CriterionKey = NewType("CriterionKey", str)
PrizeKey = NewType("PrizeKey", str)
