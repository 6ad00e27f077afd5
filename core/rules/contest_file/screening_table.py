"""Read the table [screening] of a contest file, and its checklist (docs/design.md, Contest file)."""

from core.rules.contest import ScreeningItem, ScreeningMethod, ScreeningRules
from core.rules.contest_file.rows import UsedNames
from core.rules.contest_file.tables import word
from core.rules.contest_file.toml_table import Table
from core.rules.words import Sentence

MOST_MARK = 10_000  # hundredths: a screener's mark is out of 100 points


def read_screening(table: Table) -> ScreeningRules:
    """Read [screening]. An older file without it has one screener, verdicts, and no checklist."""
    plain = ScreeningRules()
    table.only("screeners", "method", "pass_mark", "blind", "items")
    if table.raw:
        table.defaults(screeners=plain.screeners, method=plain.method, blind=word(plain.blind))
    pass_mark = table.hundredths("pass_mark", plain.pass_mark // 100)
    if pass_mark > MOST_MARK:
        table.bad("pass_mark", Sentence("{key} phải từ 0 đến 100."))
    method = table.choice("method", ScreeningMethod, plain.method)
    if method is ScreeningMethod.MARKS:
        table.defaults(pass_mark=plain.pass_mark // 100)
    used = UsedNames()
    return ScreeningRules(
        screeners=table.whole("screeners", plain.screeners, least=1, most=2),
        method=method,
        pass_mark=pass_mark,
        blind=table.flag("blind", default=plain.blind),
        items=tuple(_item(row, used) for row in table.tables("items")),
    )


def _item(row: Table, used: UsedNames) -> ScreeningItem:
    row.only("key", "text", "clause")
    return ScreeningItem(used.key(row), row.text("text"), row.text("clause", ""))
