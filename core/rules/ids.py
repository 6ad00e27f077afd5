"""Distinct types for codes, usernames and keys, so that mypy finds one used in place of another."""

from typing import NewType

EntryId = NewType("EntryId", str)  # the work's code that judges see, e.g. "T-417"
JudgeId = NewType("JudgeId", str)  # the account's username
CriterionKey = NewType("CriterionKey", str)
PrizeKey = NewType("PrizeKey", str)
