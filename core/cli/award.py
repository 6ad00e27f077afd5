"""`python -m core award`: what the rules and the committee's decisions give, from the database."""

import argparse
import sys

from core import cli
from core.desk import context
from core.desk.awards import award_decisions
from core.papers.document import AwardDocument, AwardRow, Section
from core.rules.words import Dong, Locale, Points, Sentence

NAME = "award"
HELP = Sentence("In bảng trao giải hiện có. Mã thoát 1 nếu còn giải chưa quyết định.")


def add(parser: argparse.ArgumentParser, _: cli.Say) -> None:
    """No arguments: the database says everything."""


def run(args: argparse.Namespace) -> int:
    """Print the award table; 1 where a prize is still undecided."""
    locale, document = cli.locale(args), award_decisions.document(context.store(), context.now())
    for line in lines(document, locale):
        print(line)
    if document.undecided:
        print(
            Sentence(
                "Còn {count} giải chưa quyết định.", {"count": sum(each.quantity for each in document.undecided)}
            ).localize(locale),
            file=sys.stderr,
        )
        return cli.REFUSED
    return cli.DONE


def lines(document: AwardDocument, locale: Locale) -> list[str]:
    """The awards of each section, one on a line, parted by tabs."""
    head = Sentence("Dự thảo bảng trao giải.") if document.draft else Sentence("Bảng trao giải đã được xác nhận.")
    said: list[tuple[str, ...]] = [(head.localize(locale),)]
    for section in document.sections:
        said += [(heading,)] if (heading := document.heading(section)) else []
        said += _section(section, locale)
    said.append((Sentence("Tổng cộng").localize(locale), Dong(document.total).localize(locale)))
    return ["\t".join(" ".join(part.split()) for part in parts) for parts in said]


def _section(section: Section, locale: Locale) -> list[tuple[str, ...]]:
    open_, kept = Sentence("chưa quyết định").localize(locale), Sentence("không trao").localize(locale)
    said = [_award(section, award, locale) for award in section.awards]
    said += [
        (each.prize_name, ", ".join(each.codes), open_, str(each.quantity), each.why) for each in section.undecided
    ]
    return said + [(each.prize_name, kept, str(each.quantity), each.why) for each in section.withheld]


def _award(section: Section, award: AwardRow, locale: Locale) -> tuple[str, ...]:
    score = Points(award.score, section.score_places).localize(locale) if award.score is not None else ""
    return award.prize_name, award.code, award.title, score, Dong(award.amount).localize(locale), award.why
