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
PLAIN = Locale(Language.EN)  # the decimals of files for programs


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """The files and the form of the answer."""
    parser.add_argument("--contest", required=True, metavar="FILE.toml", help=_("tệp cuộc thi"))
    parser.add_argument("--scores", required=True, metavar="FILE.csv", help=_("tệp điểm, dạng dài hoặc dạng rộng"))
    parser.add_argument("--interactions", metavar="FILE.csv", help=_("tệp số liệu tương tác"))
    parser.add_argument("--format", choices=["table", "json", "csv"], default="table", help=_("dạng kết quả"))


def run(args: argparse.Namespace) -> int:
    """Print the recount; 1 where any line could not be used."""
    locale = cli.locale(args)
    with _without_collector():
        contest, doubtful = contest_of(_read(args.contest).text, args.contest)
        counted = recount(contest, _read(args.scores), _read(args.interactions) if args.interactions else None)
        counted = replace(counted, notices=(*doubtful, *counted.notices))
        if args.format == "json":
            print(json.dumps(as_json(counted, locale), ensure_ascii=False, indent=2))
        else:
            print(as_csv(counted, locale) if args.format == "csv" else as_table(counted, locale), end="")
            _complain(counted, locale)
    return cli.REFUSED if counted.problems else cli.DONE


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cycles: a large file makes millions of objects and no cycle, and the process is short."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _complain(counted: Recount, locale: Locale) -> None:
    """Problems by line, then notices, on stderr."""
    for problem in counted.problems:
        facts = {"line": problem.line, "what": problem.what}
        print(Sentence("Dòng {line}: {what}", facts).localize(locale), file=sys.stderr)
    for notice in counted.notices:
        print(Sentence("Lưu ý: {what}", {"what": notice}).localize(locale), file=sys.stderr)


def _read(name: str) -> File:
    return File(name, text_of(Path(name)))


def as_json(counted: Recount, locale: Locale) -> dict[str, object]:
    """The recount in the form of docs/design.md, Recount from files, with every prize of the fund.

    Awards, the remainders of `shared`, `undecided`, `withheld` and `vacant` are together all prizes and all money.
    """

    def said(sentence: Sentence | None) -> str | None:
        return None if sentence is None else sentence.localize(locale)

    def not_given(prizes: Iterable[NotGiven]) -> list[dict[str, object]]:
        return [{"prize": each.prize, "quantity": each.quantity, "why": said(each.why)} for each in prizes]

    return {
        "contest": counted.contest.key,
        "rule_card": counted.rule_card,
        "standings": [
            {
                "place": standing.place,
                "span": list(standing.span) if standing.span else None,
                "entry": standing.entry,
                "score": _score(counted, standing),
                "sheets": standing.sheets,
                "tie_break": said(standing.tie_break),
                "note": said(standing.note),
            }
            for standing in counted.standings
        ],
        "awards": [
            {"prize": award.prize, "entry": award.entry, "amount": award.amount, "why": said(award.why)}
            for award in counted.allocation.awards
        ],
        "undecided": [
            {"prize": tied.prize, "quantity": tied.quantity, "entries": list(tied.entries), "why": said(tied.why)}
            for tied in counted.allocation.undecided
        ],
        "withheld": not_given(counted.allocation.withheld),
        "vacant": not_given(counted.allocation.vacant),
        "shared": [_pool(shared) for shared in dict.fromkeys(a.shared for a in counted.allocation.awards) if shared],
        "problems": [{"line": problem.line, "what": said(problem.what)} for problem in counted.problems],
        "notices": [said(notice) for notice in counted.notices],
    }


def _pool(shared: Shared) -> dict[str, object]:
    """Prizes that equals share: their awards are named after the first, and `remainder` đồng are paid to nobody."""
    return {
        "seats": [{"prize": prize, "quantity": quantity} for prize, quantity in shared.seats],
        "entries": list(shared.entries),
        "each": shared.each,
        "remainder": shared.remainder,
    }


def as_csv(counted: Recount, locale: Locale) -> str:
    """The standings with what each work takes; prizes that are undecided stand with a question mark."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["place", "entry", "score", "sheets", "prizes", "amount", "tie_break", "note"])
    for standing in counted.standings:
        awards = [award for award in counted.allocation.awards if award.entry == standing.entry]
        undecided = [f"{tied.prize}?" for tied in counted.allocation.undecided if standing.entry in tied.entries]
        writer.writerow(
            [
                _place(standing),
                standing.entry,
                _score(counted, standing) or "",
                standing.sheets,
                " ".join([*(award.prize for award in awards), *undecided]),
                sum(award.amount for award in awards),
                standing.tie_break.localize(locale) if standing.tie_break else "",
                standing.note.localize(locale) if standing.note else "",
            ]
        )
    return written.getvalue()


def as_table(counted: Recount, locale: Locale) -> str:
    """The recount to be read: standings, awards, what is undecided and what nobody takes."""
    contest, told = counted.contest, counted.allocation
    decimals = contest.scoring.decimals
    rows = [[head.localize(locale) for head in HEADS]]
    for standing in counted.standings:
        score = "" if standing.score is None else Points(standing.score, decimals).localize(locale)
        remark = standing.tie_break or standing.note
        rows.append(
            [_place(standing), standing.entry, score, str(standing.sheets), remark.localize(locale) if remark else ""]
        )
    lines = [contest.name, counted.rule_card, "", *_columns(rows), ""]
    for award in told.awards:
        facts = {
            "prize": contest.prize(award.prize).name,
            "entry": award.entry,
            "amount": Dong(award.amount),
            "why": award.why,
        }
        lines.append(Sentence("{prize}: {entry}, {amount}. {why}", facts).localize(locale))
    for tied in told.undecided:
        facts = {"prize": contest.prize(tied.prize).name, "why": tied.why}
        lines.append(Sentence("{prize}: chưa quyết định. {why}", facts).localize(locale))
    for left in told.vacant:
        facts = {"prize": contest.prize(left.prize).name, "quantity": left.quantity, "why": left.why}
        lines.append(Sentence("{prize}: còn {quantity} suất. {why}", facts).localize(locale))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _place(standing: Standing) -> str:
    """A place, or the places that works of open order take up together; "" without a score."""
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


def _score(counted: Recount, standing: Standing) -> str | None:
    """A score with exactly `decimals` digits and a point."""
    return None if standing.score is None else Points(standing.score, counted.contest.scoring.decimals).localize(PLAIN)
