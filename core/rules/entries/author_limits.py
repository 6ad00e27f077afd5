"""How many works an author or a group may enter: R07, "Mỗi tác giả (nhóm tác giả) được dự thi không quá 03 tác phẩm" (plan III.3).

The plan limits an author alone and a group as one author. A group is the set of its persons: one more or one fewer is
another group. One person in many groups is not forbidden, and is only told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.rules.people.names import bare_name
from core.rules.people.person import Person
from core.rules.words import Sentence

_Same = Callable[[Person, Person], bool]


@dataclass(frozen=True, slots=True)
class AuthoredWork:
    """A work and its authors. `key` names it in sentences, such as its code."""

    key: str
    persons: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class LimitFinding:
    """A limit that the new work passes: refused, or only told. `works`: the keys of the works that count, sorted."""

    refused: bool
    works: tuple[str, ...]
    sentence: Sentence


class WorksByPerson:
    """Works by the persons in them. `past_limits` finds the same among `sharing` as among all works, sooner."""

    def __init__(self, works: Iterable[AuthoredWork]) -> None:
        self._works: dict[str, AuthoredWork] = {}
        self._keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        for work in works:
            self.put(work)

    def put(self, work: AuthoredWork) -> None:
        """Add a work, in place of an earlier one with its key."""
        earlier = self._works.get(work.key)
        for mark in _marks(earlier) if earlier else ():
            self._keys[mark].discard(work.key)
        self._works[work.key] = work
        for mark in _marks(work):
            self._keys[mark].add(work.key)

    def sharing(self, new: AuthoredWork) -> list[AuthoredWork]:
        """The works with a person of the same phone or bare name as one of `new`."""
        keys = {key for mark in _marks(new) for key in self._keys.get(mark, ())}
        return [self._works[key] for key in sorted(keys)]


def is_same(one: Person, other: Person) -> bool:
    """Whether they are surely one person: the same phone, or the same bare name and date of birth."""
    if one.phone and one.phone == other.phone:
        return True
    return one.birth is not None and one.birth == other.birth and _same_name(one, other)


def may_be_same(one: Person, other: Person) -> bool:
    """Whether they are or may be one person: equal bare names, and a date of birth missing on a side."""
    unknown = one.birth is None or other.birth is None
    return is_same(one, other) or (unknown and _same_name(one, other))


def past_limits(works: Sequence[AuthoredWork], new: AuthoredWork, most: int) -> tuple[LimitFinding, ...]:
    """The limits that `new` passes, beside the works entered so far; `most`: works of one author or group.

    Of `works`, the one with the key of `new` is left out: it is the same work before a correction.
    """
    others = [work for work in works if work.key != new.key]
    surely, maybe = ([work for work in others if _same_group(work, new, same)] for same in (is_same, may_be_same))
    found = []
    if len(surely) >= most:
        found.append(_finding(surely, most, refused=True, sentence=_REFUSED))
    elif len(maybe) >= most:
        found.append(_finding(maybe, most, refused=False, sentence=_MAYBE_GROUP))
    told = {each.works for each in found}
    for person in sorted(new.persons, key=lambda each: (bare_name(each.name), each.name, str(each.birth), each.phone)):
        finding = _of_person(others, person, most)
        if finding is not None and finding.works not in told:
            told.add(finding.works)
            found.append(finding)
    return tuple(found)


_REFUSED = Sentence(
    "Tác giả (nhóm tác giả) này đã có {count} tác phẩm dự thi ({works}); mỗi tác giả (nhóm tác giả) được dự thi không quá "
    "{most} tác phẩm (Kế hoạch, mục III.3)."
)
_MAYBE_GROUP = Sentence(
    "Có thể cùng tác giả (nhóm tác giả) với {count} tác phẩm khác ({works}): họ tên trùng nhau, chưa đủ ngày sinh để phân "
    "biệt. Mỗi tác giả (nhóm tác giả) được dự thi không quá {most} tác phẩm (Kế hoạch, mục III.3)."
)
_PERSON = Sentence(
    "{name} đã có tên trong {count} tác phẩm khác ({works}), tính cả các nhóm. Mỗi tác giả (nhóm tác giả) được dự thi không "
    "quá {most} tác phẩm (Kế hoạch, mục III.3)."
)
_MAYBE_PERSON = Sentence(
    "{name} có thể đã có tên trong {count} tác phẩm khác ({works}), tính cả các nhóm: họ tên trùng nhau, chưa đủ ngày sinh "
    "để phân biệt. Mỗi tác giả (nhóm tác giả) được dự thi không quá {most} tác phẩm (Kế hoạch, mục III.3)."
)


def _of_person(works: Sequence[AuthoredWork], person: Person, most: int) -> LimitFinding | None:
    """The warning about one person across all groups; None within the limit."""
    for same, sentence in ((is_same, _PERSON), (may_be_same, _MAYBE_PERSON)):
        counted = [work for work in works if any(same(person, each) for each in work.persons)]
        if len(counted) >= most:
            return _finding(counted, most, refused=False, sentence=sentence, name=person.name)
    return None


def _finding(
    works: Sequence[AuthoredWork], most: int, *, refused: bool, sentence: Sentence, **facts: object
) -> LimitFinding:
    keys = tuple(sorted(work.key for work in works))
    facts |= {"count": len(keys), "works": ", ".join(keys), "most": most}
    return LimitFinding(refused, keys, Sentence(sentence.text, facts))


def _marks(work: AuthoredWork) -> Iterator[tuple[str, str]]:
    """By what its persons can be the same as others: `is_same` and `may_be_same` need an equal phone or bare name."""
    for person in work.persons:
        if person.phone:
            yield "phone", person.phone
        if name := bare_name(person.name):
            yield "name", name


def _same_name(one: Person, other: Person) -> bool:
    name = bare_name(one.name)
    return bool(name) and name == bare_name(other.name)


def _same_group(one: AuthoredWork, other: AuthoredWork, same: _Same) -> bool:
    """Whether the two works have the same authors: each person of one is another person of the other."""
    if not one.persons or len(one.persons) != len(other.persons):
        return False
    partner: dict[int, int] = {}  # position in `other` -> position in `one`
    return all(_pair(at, one.persons, other.persons, same, partner, set()) for at in range(len(one.persons)))


def _pair(
    at: int, ours: Sequence[Person], theirs: Sequence[Person], same: _Same, partner: dict[int, int], tried: set[int]
) -> bool:
    """Give the person `at` a partner, moving others to another partner where needed (Kuhn's bipartite matching)."""
    for place, candidate in enumerate(theirs):
        if place in tried or not same(ours[at], candidate):
            continue
        tried.add(place)
        if place not in partner or _pair(partner[place], ours, theirs, same, partner, tried):
            partner[place] = at
            return True
    return False
