"""Read the single tables of a contest file, each into its value (docs/design.md, Contest file).

Every key is read, even where another has a problem. A default is recorded as a notice where it affects the result, the
films, or who may see what: none of these applies silently.
"""

from collections.abc import Collection
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
from core.rules.contest_file.toml_table import STAND_IN, Table, cleaned
from core.rules.ids import JudgeId
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.words import Sentence

TIMEZONE = "Asia/Ho_Chi_Minh"  # the time zone of every moment on screens and papers (docs/design.md, Units)
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The [contest] table: key, name, theme, place, legal basis, organising bodies and signatories."""

    key: str
    name: str
    theme: str
    place: str
    legal_basis: tuple[str, ...]
    bodies: Names
    signatories: Names


def read_named(root: Table) -> Named:
    """Read [contest]. The table, its key and its name are required."""
    if not root.need("contest"):
        return Named("", "", "", "", (), (), ())
    table = root.table("contest")
    table.only("key", "name", "theme", "timezone", "legal_basis", "place", "bodies", "signatories")
    key = table.text("key")
    if not key.isascii() or not key.replace("-", "").replace("_", "").isalnum():
        table.bad("key", Sentence("{key} chỉ gồm chữ không dấu, số, dấu - và dấu _."))
    if table.text("timezone", TIMEZONE) != TIMEZONE:
        table.bad("timezone", Sentence("{key} phải là {timezone}.", {"timezone": TIMEZONE}))
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
    """The names of bodies or signatories as (path, name) pairs, in the file's order.

    The value is a list of texts, a table of texts, or a list of such tables. A path is dotted: "committee", "1.committee".
    """

    def walk(path: str, value: object) -> list[tuple[str, str]]:
        if isinstance(value, str):
            return [(path, cleaned(value))]
        if isinstance(value, dict):
            return [found for name, inner in value.items() for found in walk(f"{path}.{name}".strip("."), inner)]
        if isinstance(value, list):
            return [
                found for number, inner in enumerate(value, 1) for found in walk(f"{path}.{number}".strip("."), inner)
            ]
        table.bad(key, Sentence("{key} chỉ gồm các chuỗi chữ."))
        return []

    return tuple(walk("", table.raw.get(key, [])))


def read_scoring(root: Table) -> Scoring:
    """Read [scoring]. The method is required; every other key has a default."""
    plain = Scoring()
    if not root.need("scoring"):
        return plain
    table = root.table("scoring")
    table.only("method", "trim", "decimals", "min_sheets", "gap_alert")
    method = table.choice("method", Method)
    trim = table.whole("trim", plain.trim, most=100)
    if method is Method.TRIMMED_MEAN:
        table.defaults(trim=plain.trim)
        if trim == 0:
            table.bad("trim", Sentence("{key} phải từ 1 trở lên khi phương pháp là {method}.", {"method": method}))
    table.defaults(decimals=plain.decimals, min_sheets=plain.min_sheets)
    if not table.has("gap_alert"):
        table.notice("gap_alert", Sentence("[scoring] gap_alert không ghi: không nêu phiếu chênh lệch."))
    return Scoring(
        method=method,
        trim=trim,
        decimals=table.whole("decimals", plain.decimals, most=6),
        min_sheets=table.whole("min_sheets", plain.min_sheets, least=1),
        gap_alert=table.hundredths("gap_alert") if table.has("gap_alert") else None,
    )


def read_ties(table: Table, criteria: Collection[str]) -> Ties:
    """Read [ties]. The ladder may contain only known rungs; `criteria` are the keys of the file's criteria."""
    table.only("ladder", "chief", "then")
    ladder, chief = table.texts("ladder"), table.text("chief", "")
    for at, rung in enumerate(ladder):
        kind, _, key = rung.partition(":")
        facts = {"key": table.at("ladder"), "rung": rung, "criterion": key}
        if rung != "chief" and kind != "criterion":
            what = Sentence("{key} chỉ gồm các bậc “criterion:…” và “chief”; không nhận “{rung}”.", facts)
        elif kind == "criterion" and key not in criteria:
            what = Sentence("{key} nêu tiêu chí “{criterion}” không có trong bảng tiêu chí.", facts)
        elif rung in ladder[:at]:
            what = Sentence("{key} nêu bậc “{rung}” hai lần.", facts)
        else:
            continue
        table.bad(f"ladder[{at + 1}]", what)
    if "chief" in ladder and not chief and table.good("chief"):
        table.bad("ladder", Sentence("{key} có bậc “chief” nhưng chưa khai trưởng ban giám khảo ở ties.chief."))
    if not ladder and table.good("ladder"):
        table.notice("ladder", Sentence("[ties] ladder không ghi: các tác phẩm bằng điểm thì đồng hạng ngay."))
    table.defaults(then=Then.COMMITTEE)
    return Ties(ladder, JudgeId(chief) if chief else None, table.choice("then", Then, Then.COMMITTEE))


def read_interactions(table: Table, *, wanted: bool) -> Interactions:
    """Read [interactions], the weight of each kind. `wanted`: some prize is given by interactions."""
    table.only(*INTERACTION_KINDS)
    weights = Interactions().weights
    if wanted:
        table.defaults(**weights)
    elif table.raw:
        table.notice("", Sentence("[interactions] không dùng đến: không có giải nào trao theo lượng tương tác."))
    return Interactions(**{kind: table.whole(kind, weight, most=10**6) for kind, weight in weights.items()})


def read_phases(table: Table) -> Phases:
    """Read [phases]. Every moment is required, and they must be in chronological order."""
    windows = ("submission", "screening", "judging")
    moments = ("interactions_close", "award_meeting", "ceremony")
    table.only(*windows, *moments)
    submission, screening, judging = (_window(table, name) for name in windows)
    closed, meeting, ceremony = (table.moment(name) for name in moments)
    for name, after, earlier in (
        ("screening", screening.opens, {"submission": submission.closes}),
        ("judging", judging.opens, {"screening": screening.closes}),
        # the works are public from the start of the screening (plan IV.4)
        ("interactions_close", closed, {"screening": screening.opens}),
        ("award_meeting", meeting, {"judging": judging.closes, "interactions_close": closed}),
        ("ceremony", ceremony, {"award_meeting": meeting}),
    ):
        if any(after < before for what, before in earlier.items() if table.good(name, what)):
            table.bad(name, Sentence("{key} sớm hơn mốc thời gian phải diễn ra trước nó."))
    return Phases(submission, screening, judging, closed, meeting, ceremony)


def _window(phases: Table, name: str) -> Window:
    if not phases.need(name):
        return Window(STAND_IN, STAND_IN)
    table = phases.table(name)
    if not phases.good(name):
        return Window(STAND_IN, STAND_IN)
    table.only("opens", "closes")
    window = Window(table.moment("opens"), table.moment("closes"))
    if table.good("opens", "closes") and window.closes <= window.opens:
        table.bad("closes", Sentence("{key} phải sau thời điểm mở."))
    return window


def read_entries(table: Table) -> EntryRules:
    """Read [entries], the rules for entering works."""
    plain = EntryRules()
    table.only("max_per_author", "video", "code_prefix", "judging_code_prefix", "categories", "forms", "most_works")
    table.defaults(max_per_author=plain.max_per_author)
    return EntryRules(
        max_per_author=table.whole("max_per_author", plain.max_per_author, least=1),
        video=_video(table.table("video"), plain.video),
        code_prefix=_code_prefix(table, "code_prefix", plain.code_prefix),
        judging_code_prefix=_code_prefix(table, "judging_code_prefix", plain.judging_code_prefix),
        categories=table.texts("categories"),
        forms=table.texts("forms"),
        most_works=table.whole("most_works", plain.most_works, least=1, most=100_000),
    )


def _code_prefix(table: Table, key: str, plain: str) -> str:
    prefix = table.text(key, plain)
    if not (prefix.isalnum() and len(prefix) <= 12):
        table.bad(key, Sentence("{key} gồm nhiều nhất 12 chữ và số."))
    return prefix


def _video(table: Table, plain: VideoRules) -> VideoRules:
    table.only("container", "sizes", "seconds", "tolerance_s", "audio")
    container = table.text("container", plain.container)
    if container != plain.container and table.good("container"):
        facts = {"known": plain.container, "word": container}
        table.bad("container", Sentence("{key} phải là {known}; không nhận “{word}”.", facts), unsound=True)
    sizes = _sizes(table) if table.has("sizes") else plain.sizes
    seconds = _seconds(table) if table.has("seconds") else plain.seconds
    table.defaults(
        container=plain.container,
        sizes=", ".join(f"{width}×{height}" for width, height in plain.sizes),
        seconds=Sentence("từ {least} đến {most} giây", {"least": plain.seconds[0], "most": plain.seconds[1]}),
        tolerance_s=plain.tolerance_s,
        audio=word(plain.audio),
    )
    return VideoRules(
        container,
        sizes,
        seconds,
        tolerance_s=table.whole("tolerance_s", plain.tolerance_s),
        audio=table.flag("audio", default=plain.audio),
    )


def _sizes(table: Table) -> tuple[tuple[int, int], ...]:
    value = table.raw["sizes"]
    pairs = [_pair(each) for each in value] if isinstance(value, list) else []
    found = tuple(pair for pair in pairs if pair is not None)
    if not found or len(found) < len(pairs):
        table.bad("sizes", Sentence("{key} phải gồm các cặp số nguyên dương."))
    return found


def _seconds(table: Table) -> tuple[int, int]:
    seconds = _pair(table.raw["seconds"])
    if seconds is None:
        table.bad("seconds", Sentence("{key} phải gồm các cặp số nguyên dương."))
    elif seconds[0] > seconds[1]:
        table.bad("seconds", Sentence("{key} phải viết [ngắn nhất, dài nhất]."))
    return seconds or (1, 1)


def _pair(value: object) -> tuple[int, int] | None:
    """The value as two positive integers, or None where it is anything else."""
    if isinstance(value, list) and len(value) == 2 and all(type(each) is int and each > 0 for each in value):
        return value[0], value[1]
    return None


def read_judging(table: Table) -> Judging:
    """Read [judging]."""
    table.only("blind", "watched_share", "names_beside_marks", "standings_for_judges")
    plain = Judging()
    share = table.exact("watched_share", 0) * 10_000
    if share.denominator != 1 or share > 10_000:
        table.bad("watched_share", Sentence("{key} phải từ 0 đến 1, nhiều nhất bốn chữ số thập phân."))
    roles = table.texts("names_beside_marks") if table.has("names_beside_marks") else tuple(plain.names_beside_marks)
    for at, role in enumerate(roles, 1):
        if role not in set(Role):
            facts = {"key": table.at("names_beside_marks"), "role": role}
            table.bad(f"names_beside_marks[{at}]", Sentence("{key} nêu vai trò “{role}” không có.", facts))
    table.defaults(
        blind=word(plain.blind),
        watched_share=plain.watched_share,
        names_beside_marks=", ".join(sorted(plain.names_beside_marks)),
        standings_for_judges=plain.standings_for_judges,
    )
    return Judging(
        blind=table.flag("blind", default=plain.blind),
        watched_share=int(share),
        names_beside_marks=frozenset(Role(role) for role in roles if role in set(Role)),
        standings_for_judges=table.choice("standings_for_judges", StandingsForJudges, plain.standings_for_judges),
    )


def word(flag: bool) -> str:
    """A boolean as written in TOML."""
    return "true" if flag else "false"
