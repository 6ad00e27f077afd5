"""The single tables of a contest file, each read into its value (DESIGN §4)."""

from dataclasses import dataclass

from core.rules.access import Role
from core.rules.contest import (
    EntryRules,
    Interactions,
    Judging,
    Method,
    Phases,
    Scoring,
    StandingsForJudges,
    Then,
    Ties,
    VideoRules,
    Window,
)
from core.rules.ids import JudgeId
from core.rules.toml_table import Table
from core.rules.words import Sentence

TIMEZONE = "Asia/Ho_Chi_Minh"  # every moment on every screen and paper is shown in it (DESIGN §3.1)
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What the contest is called, where, by whom and on what ground."""

    key: str
    name: str
    theme: str
    place: str
    legal_basis: tuple[str, ...]
    bodies: Names
    signatories: Names


def read_named(root: Table) -> Named:
    """[contest]: key and name are needed."""
    root.need("contest")
    table = root.table("contest")
    table.only("key", "name", "theme", "timezone", "legal_basis", "place", "bodies", "signatories")
    key = table.text("key")
    if not key.isascii() or not key.replace("-", "").replace("_", "").isalnum():
        raise table.bad("key", Sentence("{key} chỉ gồm chữ không dấu, số, dấu - và dấu _."))
    if table.text("timezone", TIMEZONE) != TIMEZONE:
        raise table.bad("timezone", Sentence("{key} phải là {timezone}.", {"timezone": TIMEZONE}))
    return Named(
        key=key,
        name=table.text("name"),
        theme=table.text("theme", ""),
        place=table.text("place", ""),
        legal_basis=table.texts("legal_basis"),
        bodies=_names(table, "bodies"),
        signatories=_names(table, "signatories"),
    )


def _names(table: Table, key: str) -> Names:
    """Names of bodies or signatories: a list of texts, a table of texts, or a list of such tables."""

    def walk(path: str, value: object) -> list[tuple[str, str]]:
        if isinstance(value, str):
            return [(path, Table({"": value}).text("", ""))]
        if isinstance(value, dict):
            return [found for name, inner in value.items() for found in walk(f"{path}.{name}".strip("."), inner)]
        if isinstance(value, list):
            return [
                found for number, inner in enumerate(value, 1) for found in walk(f"{path}.{number}".strip("."), inner)
            ]
        raise table.bad(key, Sentence("{key} chỉ gồm các chuỗi chữ."))

    return tuple(walk("", table.raw.get(key, [])))


def read_scoring(root: Table) -> Scoring:
    """[scoring]: the method is needed; the rest follows DESIGN §3.3 where it is not written."""
    root.need("scoring")
    table = root.table("scoring")
    table.only("method", "trim", "decimals", "min_sheets", "gap_alert")
    method = table.choice("method", Method)
    trim = table.whole("trim", 1, most=100)
    if method is Method.TRIMMED_MEAN and trim == 0:
        raise table.bad("trim", Sentence("{key} phải từ 1 trở lên khi phương pháp là {method}.", {"method": method}))
    return Scoring(
        method=method,
        trim=trim,
        decimals=table.whole("decimals", 2, most=6),
        min_sheets=table.whole("min_sheets", 3, least=1),
        gap_alert=table.hundredths("gap_alert") if table.has("gap_alert") else None,
    )


def read_ties(table: Table, criteria: set[str]) -> Ties:
    """[ties]: a ladder of known rungs."""
    table.only("ladder", "chief", "then")
    ladder, chief = table.texts("ladder"), table.text("chief", "")
    for rung in ladder:
        kind, _, key = rung.partition(":")
        if rung != "chief" and kind != "criterion":
            raise table.bad(
                "ladder",
                Sentence("{key} chỉ gồm các bậc “criterion:…” và “chief”; không nhận “{rung}”.", {"rung": rung}),
            )
        if kind == "criterion" and key not in criteria:
            raise table.bad(
                "ladder", Sentence("{key} nêu tiêu chí “{criterion}” không có trong bảng tiêu chí.", {"criterion": key})
            )
        if ladder.count(rung) > 1:
            raise table.bad("ladder", Sentence("{key} nêu bậc “{rung}” hai lần.", {"rung": rung}))
    if "chief" in ladder and not chief:
        raise table.bad("ladder", Sentence("{key} có bậc “chief” nhưng chưa khai trưởng ban giám khảo ở ties.chief."))
    return Ties(ladder, JudgeId(chief) if chief else None, table.choice("then", Then, Then.COMMITTEE))


def read_interactions(table: Table) -> Interactions:
    """[interactions]: what each kind counts for."""
    table.only("reactions", "comments", "shares", "views")
    plain = Interactions()
    return Interactions(
        reactions=table.whole("reactions", plain.reactions, most=10**6),
        comments=table.whole("comments", plain.comments, most=10**6),
        shares=table.whole("shares", plain.shares, most=10**6),
        views=table.whole("views", plain.views, most=10**6),
    )


def read_phases(table: Table) -> Phases:
    """[phases]: complete and in order."""
    windows = ("submission", "screening", "judging")
    moments = ("interactions_close", "award_meeting", "ceremony")
    table.only(*windows, *moments)
    submission, screening, judging = (_window(table, name) for name in windows)
    closed, meeting, ceremony = (table.moment(name) for name in moments)
    for name, before, after in (
        ("screening", submission.closes, screening.opens),
        ("judging", screening.closes, judging.opens),
        ("interactions_close", screening.opens, closed),  # the works are on show from the screening on (plan IV.4)
        ("award_meeting", max(judging.closes, closed), meeting),
        ("ceremony", meeting, ceremony),
    ):
        if after < before:
            raise table.bad(name, Sentence("{key} sớm hơn mốc thời gian phải diễn ra trước nó."))
    return Phases(submission, screening, judging, closed, meeting, ceremony)


def _window(phases: Table, name: str) -> Window:
    phases.need(name)
    table = phases.table(name)
    table.only("opens", "closes")
    window = Window(table.moment("opens"), table.moment("closes"))
    if window.closes <= window.opens:
        raise table.bad("closes", Sentence("{key} phải sau thời điểm mở."))
    return window


def read_entries(table: Table) -> EntryRules:
    """[entries]: what may be entered."""
    table.only("max_per_author", "video")
    video, plain = table.table("video"), VideoRules()
    video.only("container", "sizes", "seconds", "tolerance_s", "audio")
    sizes, seconds = _pairs(video, "sizes", plain.sizes), _pair(video, "seconds", plain.seconds)
    if seconds[0] > seconds[1]:
        raise video.bad("seconds", Sentence("{key} phải viết [ngắn nhất, dài nhất]."))
    return EntryRules(
        max_per_author=table.whole("max_per_author", EntryRules().max_per_author, least=1),
        video=VideoRules(
            container=video.text("container", plain.container),
            sizes=sizes,
            seconds=seconds,
            tolerance_s=video.whole("tolerance_s", plain.tolerance_s),
            audio=video.flag("audio", default=plain.audio),
        ),
    )


def _pair(table: Table, key: str, default: tuple[int, int]) -> tuple[int, int]:
    return _pairs(Table({key: [table.raw[key]]} if table.has(key) else {}, table.path), key, (default,))[0]


def _pairs(table: Table, key: str, default: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    value = table.raw.get(key, [list(pair) for pair in default])
    pairs: list[tuple[int, int]] = []
    for pair in value if isinstance(value, list) and value else [None]:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(n) is int and n > 0 for n in pair)):
            raise table.bad(key, Sentence("{key} phải gồm các cặp số nguyên dương."))
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def read_judging(table: Table) -> Judging:
    """[judging]: how the judges sit."""
    table.only("blind", "watched_share", "names_beside_marks", "standings_for_judges")
    plain = Judging()
    share = table.exact("watched_share", 0) * 10_000
    if share.denominator != 1 or share > 10_000:
        raise table.bad("watched_share", Sentence("{key} phải từ 0 đến 1, nhiều nhất bốn chữ số thập phân."))
    roles = table.texts("names_beside_marks") if table.has("names_beside_marks") else tuple(plain.names_beside_marks)
    if unknown := [role for role in roles if role not in set(Role)]:
        raise table.bad("names_beside_marks", Sentence("{key} nêu vai trò “{role}” không có.", {"role": unknown[0]}))
    return Judging(
        blind=table.flag("blind", default=plain.blind),
        watched_share=int(share),
        names_beside_marks=frozenset(Role(role) for role in roles),
        standings_for_judges=table.choice("standings_for_judges", StandingsForJudges, plain.standings_for_judges),
    )
