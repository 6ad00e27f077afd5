"""`verify`, `backup` and `restore`: maintenance of the contest's data."""

import argparse
import shlex
import sys
from pathlib import Path

from core import cli
from core.desk import context
from core.desk.maintenance import operations
from core.media.film_copies import CopyReport
from core.rules.words import Sentence
from core.settings import settings


class Verify:
    """`verify`: check the ledger and the whole database."""

    NAME = "verify"
    HELP = Sentence("Kiểm tra sổ cái và toàn bộ cơ sở dữ liệu.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Translate) -> None:
        """--head: a hash that was noted earlier."""
        parser.add_argument(
            "--head",
            metavar=_("MÃ"),
            help=_("mã đã ghi lại từ lần trước, hoặc số và mã trên một biên nhận: sổ cái phải còn dòng đó"),
        )

    def run(self, args: argparse.Namespace) -> int:
        """Print one line per finding; returns 1 if there is any."""
        store = context.store()
        try:
            operations.must_have_contest(store)
            verdict = operations.verify(store, args.head, settings().library)
        finally:
            store.close()
        locale = cli.locale(args)
        for finding in verdict.findings:
            print(finding.localize(locale))
        if not verdict.good:
            message = Sentence("Kiểm tra thấy {count} lỗi.", {"count": len(verdict.findings)})
            print(message.localize(locale), file=sys.stderr)
            return cli.REFUSED
        result, audit = verdict.heads.result, verdict.heads.audit
        cli.say(
            args,
            Sentence(
                "Đúng: {ledger}.", {"ledger": _ledger(result.seq, result.hash.hex(), audit.seq, audit.hash.hex())}
            ),
        )
        return cli.DONE


class Backup:
    """`backup FILE`: copy the whole database, and the films that it names."""

    NAME = "backup"
    HELP = Sentence("Sao lưu cơ sở dữ liệu vào một tệp mới, và phim vào một thư mục; bàn chấm vẫn chạy.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Translate) -> None:
        """The new file, and the folder for the films."""
        parser.add_argument("file", type=Path, metavar=_("TỆP"))
        parser.add_argument(
            "--films", type=Path, metavar=_("THƯ_MỤC"),
            help=_("thư mục nhận phim và ảnh bìa, dùng chung cho mọi bản sao; mặc định là backup-films cạnh TỆP"),
        )  # fmt: skip

    def run(self, args: argparse.Namespace) -> int:
        """Print what was saved, to compare after a restore; prints each missing or damaged film and then returns 1."""
        store = context.store()
        try:
            operations.must_have_contest(store)
            saved = operations.backup(store, args.file, settings().library, args.films)
        finally:
            store.close()
        folder = operations.films_folder(args.file, args.films)
        status = _films(args, saved.films, folder, verified=True)
        ledger = _ledger(saved.rows, saved.head, saved.audit_rows, saved.audit_head)
        cli.say(args, Sentence("Đã sao lưu vào {file}: {ledger}.", {"file": args.file, "ledger": ledger}))
        return status


class Restore:
    """`restore FILE`: restore the database and its films."""

    NAME = "restore"
    HELP = Sentence("Khôi phục cơ sở dữ liệu và phim từ một bản sao lưu, vào nơi còn trống; máy chủ phải đã dừng.")

    def add(self, parser: argparse.ArgumentParser, _: cli.Translate) -> None:
        """The backup, the folder of its films, and the last hash that its ledger must have."""
        parser.add_argument("file", type=Path, metavar=_("TỆP"))
        parser.add_argument(
            "--films", type=Path, metavar=_("THƯ_MỤC"),
            help=_("thư mục có phim đã sao lưu; mặc định là backup-films cạnh TỆP"),
        )  # fmt: skip
        parser.add_argument(
            "--head",
            metavar=_("MÃ"),
            help=_("mã cuối của sổ cái (hoặc ít nhất 16 chữ số đầu) phải đúng như lúc sao lưu"),
        )

    def run(self, args: argparse.Namespace) -> int:
        """Print what was restored, and whether it was verified. Prints missing or damaged films, and then returns 1."""
        restored = operations.restore(args.file, settings(), args.head, args.films)
        if isinstance(restored, operations.RestoredOlder):
            cli.say(args, _older(restored, args.head))
            return _films(args, restored.films, settings().library)
        status = _films(args, restored.films, settings().library, verified=True)
        ledger = _ledger(restored.rows, restored.head, restored.audit_rows, restored.audit_head)
        cli.say(args, Sentence("Đã khôi phục và kiểm tra: {ledger}.", {"ledger": ledger}))
        return status


def _ledger(rows: int, head: str, audit_rows: int, audit_head: str) -> Sentence:
    facts = {"rows": rows, "head": head, "audit_rows": audit_rows, "audit_head": audit_head}
    if not audit_rows:
        return Sentence("sổ kết quả {rows} dòng, mã cuối {head}; sổ nhật ký chưa có dòng nào", facts)
    return Sentence("sổ kết quả {rows} dòng, mã cuối {head}; sổ nhật ký {audit_rows} dòng, mã cuối {audit_head}", facts)


def _older(restored: operations.RestoredOlder, head: str | None) -> Sentence:
    """The message after restoring an older schema: run `migrate`, then `verify` with --head, not compared so far."""
    verify = "python -m core verify" + (f" --head {shlex.quote(head)}" if head else "")
    return Sentence(
        "Đã khôi phục, chưa kiểm tra: cơ sở dữ liệu ở bản {revision}, cũ hơn chương trình; "
        "hãy chạy python -m core migrate, rồi {verify}.",
        {"revision": restored.revision, "verify": verify},
    )


def _films(args: argparse.Namespace, films: CopyReport | None, folder: Path, *, verified: bool = False) -> int:
    """Print the result of copying films, and each missing or damaged file. Returns the exit status.

    `verified`: the database was checked and is good; the message then says so.
    """
    if films is None:
        return cli.DONE
    locale = cli.locale(args)
    for problem in films.problems:
        print(problem.localize(locale))
    facts = {"files": films.files, "size": -(-films.bytes // 1_000_000), "folder": folder, "new": films.new}
    cli.say(args, Sentence("Phim và ảnh bìa: {files} tệp, {size} MB, trong {folder}; {new} tệp vừa được chép.", facts))
    if not films.problems:
        return cli.DONE
    count = {"count": len(films.problems)}
    message = (
        Sentence("Có {count} tệp phim hoặc ảnh bìa bị thiếu hoặc hỏng; cơ sở dữ liệu thì đủ và đúng.", count)
        if verified
        else Sentence("Có {count} tệp phim hoặc ảnh bìa bị thiếu hoặc hỏng.", count)
    )
    print(message.localize(locale), file=sys.stderr)
    return cli.REFUSED


COMMANDS = {command.NAME: command for command in (Verify(), Backup(), Restore())}
