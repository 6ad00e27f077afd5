"""`python -m core award`: the award table from the rules and the committee's decisions in the database."""

import argparse
import sys

from core import cli
from core.desk import context
from core.desk.awards import award_decisions
from core.papers.document import AwardDocument, AwardRow, Section
from core.rules.words import Dong, Locale, Points, Sentence

NAME = "award"
HELP = Sentence("In bảng trao giải hiện có. Mã thoát 1 nếu còn giải chưa quyết định.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """No arguments: everything is in the database."""


def run(args: argparse.Namespace) -> int:
    """Print the award table; returns 1 if a prize is still undecided."""
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
    """The award table as lines with tab-separated fields.

    A heading, then for each section its awards, undecided and withheld prizes, then the total.
    """
    head = Sentence("Dự thảo bảng trao giải.") if document.draft else Sentence("Bảng trao giải đã được xác nhận.")
    rows: list[tuple[str, ...]] = [(head.localize(locale),)]
    for section in document.sections:
        rows += [(heading,)] if (heading := document.heading(section)) else []
        rows += _section(section, locale)
    rows.append((Sentence("Tổng cộng").localize(locale), Dong(document.total).localize(locale)))
    return ["\t".join(" ".join(part.split()) for part in parts) for parts in rows]


def _section(section: Section, locale: Locale) -> list[tuple[str, ...]]:
    undecided, withheld = Sentence("chưa quyết định").localize(locale), Sentence("không trao").localize(locale)
    rows = [_award(section, award, locale) for award in section.awards]
    rows += [
        (each.prize_name, ", ".join(each.codes), undecided, str(each.quantity), each.why) for each in section.undecided
    ]
    return rows + [(each.prize_name, withheld, str(each.quantity), each.why) for each in section.withheld]


def _award(section: Section, award: AwardRow, locale: Locale) -> tuple[str, ...]:
    score = Points(award.score, section.score_places).localize(locale) if award.score is not None else ""
    return award.prize_name, award.code, award.title, score, Dong(award.amount).localize(locale), award.why
