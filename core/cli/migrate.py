"""`migrate`: upgrade the database to the schema of this release."""

import argparse

from core import cli
from core.desk import context
from core.rules.words import Sentence

NAME = "migrate"
HELP = Sentence("Nâng cơ sở dữ liệu lên bản của chương trình này; hãy sao lưu trước, bằng bản chương trình cũ.")


def add(parser: argparse.ArgumentParser, _: cli.Translate) -> None:
    """No arguments: the settings say which database."""


def run(args: argparse.Namespace) -> int:
    """Upgrade, and print the revisions before and after, or that there was nothing to do."""
    done: list[Sentence] = []
    context.store(on_migration=lambda migration: done.append(migration.sentence)).close()
    nothing = Sentence("Cơ sở dữ liệu đã ở đúng bản của chương trình; không có gì phải nâng.")
    cli.say(args, done[0] if done else nothing)
    return cli.DONE
