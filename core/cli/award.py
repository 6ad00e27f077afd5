"""`python -m core award`: what the rules and the committee's decisions give, from the database."""

import argparse
import sys

from core import cli
from core.desk import awarding, house
from core.papers.document import AwardRow, AwardTable
from core.rules.words import Dong, Points, Sentence, Tongue

NAME = "award"
HELP = Sentence("In bảng trao giải hiện có. Mã thoát 1 nếu còn giải chưa quyết định.")


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """No arguments: the database says everything."""


def run(args: argparse.Namespace) -> int:
    """Print the award table; 1 where a prize is still undecided."""
    tongue, table = cli.tongue(args), awarding.table(house.store(), house.now())
    for line in lines(table, tongue):
        print(line)
    if table.undecided:
        print(
            Sentence(
                "Còn {count} giải chưa quyết định.", {"count": sum(each.quantity for each in table.undecided)}
            ).said(tongue),
            file=sys.stderr,
        )
        return cli.REFUSED
    return cli.DONE


def lines(table: AwardTable, tongue: Tongue) -> list[str]:
    """The table, one award on a line, parted by tabs."""
    head = Sentence("Dự thảo bảng trao giải.") if table.draft else Sentence("Bảng trao giải đã được xác nhận.")
    open_, kept = Sentence("chưa quyết định").said(tongue), Sentence("không trao").said(tongue)
    said: list[tuple[str, ...]] = [(head.said(tongue),)]
    said += [_award(table, award, tongue) for award in table.awards]
    said += [(each.prize_name, ", ".join(each.codes), open_, str(each.quantity), each.why) for each in table.undecided]
    said += [(each.prize_name, kept, str(each.quantity), each.why) for each in table.withheld]
    said.append((Sentence("Tổng cộng").said(tongue), Dong(table.total).said(tongue)))
    return ["\t".join(" ".join(part.split()) for part in parts) for parts in said]


def _award(table: AwardTable, award: AwardRow, tongue: Tongue) -> tuple[str, ...]:
    score = Points(award.score, table.score_places).said(tongue) if award.score is not None else ""
    return award.prize_name, award.code, award.title, score, Dong(award.amount).said(tongue), award.why
