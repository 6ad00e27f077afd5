"""Read the rows of a contest file: one criterion, one prize (docs/design.md, Contest file)."""

from core.rules.contest import Criterion, Level, Prize, PrizeBy
from core.rules.contest_file.toml_table import Table
from core.rules.ids import CriterionKey, PrizeKey
from core.rules.vietnamese import fold
from core.rules.words import Sentence

COLUMNS = ("entry", "judge", "criterion", "points")  # column names of the file of marks: no criterion may use them
MOST_PRIZES = 1000  # of one kind


class UsedNames:
    """The keys and names of the rows read so far, to find duplicates."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}  # folded key -> key as written
        self.names: set[str] = set()  # folded

    def key(self, row: Table) -> str:
        """The key of a row. A key with spaces or punctuation, or a key used above, is recorded as a problem."""
        key = row.text("key")
        if any(character.isspace() or character in ",;:\"'|" for character in key):
            row.bad("key", Sentence("{key} không được có khoảng trắng hay dấu câu."))
        other = self.keys.get(fold(key))
        self.keys.setdefault(fold(key), key)
        if other == key:
            row.bad("key", Sentence("{key} “{word}” đã được dùng ở trên.", {"word": key}))
        elif other is not None:
            facts = {"word": key, "other": other}
            row.bad("key", Sentence("{key} “{word}” chỉ khác “{other}” ở trên về cách viết.", facts), unsound=True)
        return key

    def name(self, row: Table) -> str:
        """The name of a row. A name used above is recorded as a problem."""
        name = row.text("name")
        if row.good("name") and fold(name) in self.names:
            row.bad("name", Sentence("{key} “{word}” đã được dùng ở trên.", {"word": name}), unsound=True)
        self.names.add(fold(name))
        return name


def read_criterion(row: Table, used: UsedNames) -> Criterion:
    """One row of [[criteria]]. The maximum and the least points of each level must be multiples of the step."""
    row.only("key", "name", "max", "step", "weight", "levels")
    key = used.key(row)
    if key.lower() in COLUMNS:
        row.bad("key", Sentence("{key} không được là “{word}”: đó là tên cột của tệp điểm.", {"word": key}))
    maximum, step, weight = row.hundredths("max"), row.hundredths("step"), row.ratio("weight", 1)
    for name, value in (("max", maximum), ("step", step), ("weight", weight)):
        if value <= 0 and row.good(name):
            row.bad(name, Sentence("{key} phải lớn hơn 0."))
    if row.good("max", "step") and maximum % step:
        facts = {"maximum": row.raw["max"], "step": row.raw["step"]}
        row.bad("max", Sentence("{key} là {maximum}, không đạt được bằng các bước {step}.", facts))
    levels = _levels(row, maximum, step)
    return Criterion(CriterionKey(key), used.name(row), maximum, step, weight, levels)


def _levels(row: Table, maximum: int, step: int) -> tuple[Level, ...]:
    levels: list[Level] = []
    for table in row.tables("levels"):
        table.only("from", "says")
        least = table.hundredths("from")
        if row.good("max", "step") and table.good("from") and (least > maximum or least % step):
            table.bad("from", Sentence("{key} không phải là mức điểm hợp lệ của tiêu chí này."))
        if table.good("from") and any(level.least == least for level in levels):
            table.bad("from", Sentence("{key} trùng với một mức khác."))
        levels.append(Level(least, table.text("says")))
    return tuple(sorted(levels, key=lambda level: -level.least))


def read_prize(row: Table, used: UsedNames) -> Prize:
    """One row of [[prizes]]. The quantity and the amount must be at least 1."""
    row.only("key", "name", "quantity", "amount", "by", "certificate")
    quantity = row.whole("quantity", least=1)
    if quantity > MOST_PRIZES:
        row.bad("quantity", Sentence("{key} quá lớn: nhiều nhất là {most}.", {"most": MOST_PRIZES}), unsound=True)
    return Prize(
        key=PrizeKey(used.key(row)),
        name=used.name(row),
        quantity=quantity,
        amount=row.whole("amount", least=1),
        by=row.choice("by", PrizeBy, PrizeBy.SCORE),
        certificate=row.text("certificate", ""),
    )
