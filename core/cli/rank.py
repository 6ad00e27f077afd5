"""`python -m core rank`: recount a contest from files alone (docs/design.md, Recount from files)."""

import argparse
import csv
import gc
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from core import cli
from core.cli.contests import contest_of
from core.desk.files.offline_recount import File, Recount, recount
from core.desk.text_input.text_files import text_of
from core.rules.prizes.allocation import NotGiven, Shared
from core.rules.scoring.ranking import Standing
from core.rules.words import Dong, Language, Locale, Points, Sentence

NAME = "rank"
HELP = Sentence("Tính lại kết quả chỉ từ tệp cuộc thi và tệp điểm, không cần cơ sở dữ liệu.")
HEADS = (Sentence("Hạng"), Sentence("Tác phẩm"), Sentence("Điểm"), Sentence("Số phiếu"), Sentence("Ghi chú"))
PLAIN = Locale(Language.EN)  # number format of JSON and CSV


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """The input files and the output format."""
    parser.add_argument("--contest", required=True, metavar="FILE.toml", help=_("tệp cuộc thi"))
    parser.add_argument("--scores", required=True, metavar="FILE.csv", help=_("tệp điểm, dạng dài hoặc dạng rộng"))
    parser.add_argument("--interactions", metavar="FILE.csv", help=_("tệp số liệu tương tác"))
    parser.add_argument("--format", choices=["table", "json", "csv"], default="table", help=_("dạng kết quả"))


def run(args: argparse.Namespace) -> int:
    """Print the recount; returns 1 if any line of the files could not be used."""
    locale = cli.locale(args)
    with _without_collector():
        contest, doubtful = contest_of(_read(args.contest).text, args.contest)
        result = recount(contest, _read(args.scores), _read(args.interactions) if args.interactions else None)
        result = replace(result, notices=(*doubtful, *result.notices))
        if args.format == "json":
            print(json.dumps(as_json(result, locale), ensure_ascii=False, indent=2))
        else:
            print(as_csv(result, locale) if args.format == "csv" else as_table(result, locale), end="")
            _print_problems(result, locale)
    return cli.REFUSED if result.problems else cli.DONE


@contextmanager
def _without_collector() -> Iterator[None]:
    """Switch off the cyclic garbage collector: a large file makes millions of objects but no reference cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _print_problems(result: Recount, locale: Locale) -> None:
    """Print problems with their line numbers, then notices, to stderr."""
    for problem in result.problems:
        facts = {"line": problem.line, "what": problem.what}
        print(Sentence("Dòng {line}: {what}", facts).localize(locale), file=sys.stderr)
    for notice in result.notices:
        print(Sentence("Lưu ý: {what}", {"what": notice}).localize(locale), file=sys.stderr)


def _read(name: str) -> File:
    return File(name, text_of(Path(name)))


def as_json(result: Recount, locale: Locale) -> dict[str, object]:
    """The recount as JSON, in the format of docs/design.md, Recount from files; includes every prize of the fund.

    `awards`, the remainders of `shared`, `undecided`, `withheld` and `vacant` together are all prizes and all money.
    """

    def localized(sentence: Sentence | None) -> str | None:
        return None if sentence is None else sentence.localize(locale)

    def not_given(prizes: Iterable[NotGiven]) -> list[dict[str, object]]:
        return [{"prize": each.prize, "quantity": each.quantity, "why": localized(each.why)} for each in prizes]

    return {
        "contest": result.contest.key,
        "rule_card": result.rule_card,
        "standings": [
            {
                "place": standing.place,
                "span": list(standing.span) if standing.span else None,
                "entry": standing.entry,
                "score": _score(result, standing),
                "sheets": standing.sheets,
                "tie_break": localized(standing.tie_break),
                "note": localized(standing.note),
            }
            for standing in result.standings
        ],
        "awards": [
            {"prize": award.prize, "entry": award.entry, "amount": award.amount, "why": localized(award.why)}
            for award in result.allocation.awards
        ],
        "undecided": [
            {"prize": tied.prize, "quantity": tied.quantity, "entries": list(tied.entries), "why": localized(tied.why)}
            for tied in result.allocation.undecided
        ],
        "withheld": not_given(result.allocation.withheld),
        "vacant": not_given(result.allocation.vacant),
        "shared": [_pool(shared) for shared in dict.fromkeys(a.shared for a in result.allocation.awards) if shared],
        "problems": [{"line": problem.line, "what": localized(problem.what)} for problem in result.problems],
        "notices": [localized(notice) for notice in result.notices],
    }


def _pool(shared: Shared) -> dict[str, object]:
    """Prizes shared by tied works: their awards have the first prize's name; `remainder` đồng are paid to nobody."""
    return {
        "seats": [{"prize": prize, "quantity": quantity} for prize, quantity in shared.slots],
        "entries": list(shared.entries),
        "each": shared.each,
        "remainder": shared.remainder,
    }


def as_csv(result: Recount, locale: Locale) -> str:
    """The standings as CSV, with each work's prizes and total amount; undecided prizes have a question mark."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["place", "entry", "score", "sheets", "prizes", "amount", "tie_break", "note"])
    for standing in result.standings:
        awards = [award for award in result.allocation.awards if award.entry == standing.entry]
        undecided = [f"{tied.prize}?" for tied in result.allocation.undecided if standing.entry in tied.entries]
        writer.writerow(
            [
                _place(standing),
                standing.entry,
                _score(result, standing) or "",
                standing.sheets,
                " ".join([*(award.prize for award in awards), *undecided]),
                sum(award.amount for award in awards),
                standing.tie_break.localize(locale) if standing.tie_break else "",
                standing.note.localize(locale) if standing.note else "",
            ]
        )
    return written.getvalue()


def as_table(result: Recount, locale: Locale) -> str:
    """The recount as text for people: standings, awards, undecided and vacant prizes."""
    contest, allocation = result.contest, result.allocation
    decimals = contest.scoring.decimals
    rows = [[head.localize(locale) for head in HEADS]]
    for standing in result.standings:
        score = "" if standing.score is None else Points(standing.score, decimals).localize(locale)
        remark = standing.tie_break or standing.note
        rows.append(
            [_place(standing), standing.entry, score, str(standing.sheets), remark.localize(locale) if remark else ""]
        )
    lines = [contest.name, result.rule_card, "", *_columns(rows), ""]
    for award in allocation.awards:
        facts = {
            "prize": contest.prize(award.prize).name,
            "entry": award.entry,
            "amount": Dong(award.amount),
            "why": award.why,
        }
        lines.append(Sentence("{prize}: {entry}, {amount}. {why}", facts).localize(locale))
    for tied in allocation.undecided:
        facts = {"prize": contest.prize(tied.prize).name, "why": tied.why}
        lines.append(Sentence("{prize}: chưa quyết định. {why}", facts).localize(locale))
    for left in allocation.vacant:
        facts = {"prize": contest.prize(left.prize).name, "quantity": left.quantity, "why": left.why}
        lines.append(Sentence("{prize}: còn {quantity} suất. {why}", facts).localize(locale))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _place(standing: Standing) -> str:
    """The place, or the range of places "2–4" that undecided tied works share; "" without a score."""
    if standing.span is not None:
        return "{}–{}".format(*standing.span)
    return "" if standing.place is None else str(standing.place)


def _columns(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = (True, False, True, True, False)  # numbers on the right
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        )
        for row in rows
    ]


def _score(result: Recount, standing: Standing) -> str | None:
    """The score with exactly `decimals` digits after a decimal point; None without a score."""
    return None if standing.score is None else Points(standing.score, result.contest.scoring.decimals).localize(PLAIN)
