"""Conditions that must always be true in the whole database, each as one query that finds the exceptions."""

from dataclasses import replace

import sqlalchemy as sa

from core.rules.words import Sentence

# Each query returns one row per exception: (where).
_ON_BOTH = (
    (
        Sentence("Điểm đang tính của phiếu chưa nộp hoặc đã trả lại ({where})."),
        (
            "select m.judge_id || '/' || m.entry_id from mark m left join sheet s on s.judge_id = m.judge_id "
            "and s.entry_id = m.entry_id where s.state is null or s.state <> 'sealed'"
        ),
    ),
    (
        Sentence("Điểm đang tính của giám khảo đã khai báo xung đột lợi ích ({where})."),
        (
            "select m.judge_id || '/' || m.entry_id from mark m join recusal r on r.judge_id = m.judge_id "
            "and r.entry_id = m.entry_id"
        ),
    ),
    (
        Sentence("Phiếu đã nộp không có bản niêm phong ({where})."),
        (
            "select s.judge_id || '/' || s.entry_id from sheet s left join sheet_revision r on r.judge_id = s.judge_id "
            "and r.entry_id = s.entry_id and r.number = s.revision where s.revision > 0 and r.number is null"
        ),
    ),
    (
        Sentence("Nhận xét của phiếu đã nộp khác với bản niêm phong ({where})."),
        (
            "select s.judge_id || '/' || s.entry_id from sheet s join sheet_revision r on r.judge_id = s.judge_id "
            "and r.entry_id = s.entry_id and r.number = s.revision left join disclosure d on d.commitment = r.remarks "
            "where s.state = 'sealed' and s.remarks <> coalesce(d.text, '{}')"
        ),
    ),
    (
        Sentence("Tác phẩm {where}: tệp phim không mang mã băm đã ghi."),
        "select code from entry where sha256 is not null and coalesce(video, '') <> sha256 || '.mp4'",
    ),
    (
        Sentence("Bản niêm phong không có dòng sổ cái của nó ({where})."),
        (
            "select r.judge_id || '/' || r.entry_id from sheet_revision r left join ledger l on l.seq = r.ledger_seq "
            "and l.chain = 'result' and l.event = 'sheet.sealed' where l.seq is null"
        ),
    ),
    (
        Sentence("Đã có phiếu nộp mà thể lệ chưa được khóa."),
        "select c.id from contest c where c.frozen_at is null and exists (select 1 from sheet_revision)",
    ),
    (
        Sentence("Bảng trao giải đã xác nhận không có dòng sổ cái của nó ({where})."),
        "select a.id from award_table a left join ledger l on l.chain = 'result' and l.seq = a.ledger_seq where l.seq is null",
    ),
    (
        Sentence("Giải đã xác nhận mà không có bảng trao giải."),
        "select c.id from contest c where c.awards_confirmed_at is not null and not exists (select 1 from award_table)",
    ),
    (
        Sentence("Tài khoản đã khóa còn phiên đăng nhập ({where})."),
        (
            "select a.username from account a join auth_session s on s.account_id = a.id "
            "where a.active = 0 and s.ended_at is null"
        ),
    ),
)


def violations(connection: sa.Connection) -> list[Sentence]:
    """One sentence for each violated condition."""
    findings = [
        replace(sentence, facts={"where": where})
        for sentence, query in _ON_BOTH
        for where in connection.execute(sa.text(query)).scalars()
    ]
    return [*findings, *_file(connection)]


def _file(connection: sa.Connection) -> list[Sentence]:
    """SQLite's own checks of the file. PostgreSQL needs none: it has checksums and always enforces foreign keys."""
    if connection.dialect.name != "sqlite":
        return []
    damage = [message for message in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if message != "ok"]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        *(Sentence("Tệp cơ sở dữ liệu bị hỏng: {what}.", {"what": message}) for message in damage),
        *(Sentence("Bảng {table}, dòng {row}: trỏ tới dòng không có.", {"table": o[0], "row": o[1]}) for o in orphans),
    ]
