"""The rows of a contest file: one criterion, one prize (DESIGN §4)."""

from core.rules.contest import Criterion, Level, Prize, PrizeBy
from core.rules.ids import CriterionKey, PrizeKey
from core.rules.toml_table import Table
from core.rules.words import Sentence

COLUMNS = ("entry", "judge", "criterion", "points")  # a criterion so named could not be a column of its own


def read_criterion(row: Table, taken: set[str]) -> Criterion:
    """[[criteria]]: its maximum is reached in whole steps; its levels are each reached too."""
    row.only("key", "name", "max", "step", "weight", "levels")
    key = _own_key(row, taken)
    if key.lower() in COLUMNS:
        raise row.bad("key", Sentence("{key} không được là “{word}”: đó là tên cột của tệp điểm.", {"word": key}))
    maximum, step, weight = row.hundredths("max"), row.hundredths("step"), row.ratio("weight", 1)
    for name, value in (("max", maximum), ("step", step), ("weight", weight)):
        if value <= 0:
            raise row.bad(name, Sentence("{key} phải lớn hơn 0."))
    if maximum % step:
        raise row.bad(
            "max",
            Sentence(
                "{key} là {maximum}, không đạt được bằng các bước {step}.",
                {"maximum": row.raw["max"], "step": row.raw["step"]},
            ),
        )
    return Criterion(CriterionKey(key), row.text("name"), maximum, step, weight, _levels(row, maximum, step))


def _levels(row: Table, maximum: int, step: int) -> tuple[Level, ...]:
    levels: list[Level] = []
    for table in row.tables("levels"):
        table.only("from", "says")
        least = table.hundredths("from")
        if least > maximum or least % step:
            raise table.bad("from", Sentence("{key} không phải là mức điểm hợp lệ của tiêu chí này."))
        if any(level.least == least for level in levels):
            raise table.bad("from", Sentence("{key} trùng với một mức khác."))
        levels.append(Level(least, table.text("says")))
    return tuple(sorted(levels, key=lambda level: -level.least))


def read_prize(row: Table, taken: set[str]) -> Prize:
    """[[prizes]]: a prize without money or without number is none."""
    row.only("key", "name", "quantity", "amount", "by", "certificate")
    return Prize(
        key=PrizeKey(_own_key(row, taken)),
        name=row.text("name"),
        quantity=row.whole("quantity", least=1),
        amount=row.whole("amount", least=1),
        by=row.choice("by", PrizeBy, PrizeBy.SCORE),
        certificate=row.text("certificate", ""),
    )


def _own_key(row: Table, taken: set[str]) -> str:
    key = row.text("key")
    if any(character.isspace() or character in ",;:\"'|" for character in key):
        raise row.bad("key", Sentence("{key} không được có khoảng trắng hay dấu câu."))
    if key in taken:
        raise row.bad("key", Sentence("{key} “{word}” đã được dùng ở trên.", {"word": key}))
    taken.add(key)
    return key
