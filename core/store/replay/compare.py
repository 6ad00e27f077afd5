"""Compares the stored tables with the replay of the ledger."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from core.rules.words import Sentence
from core.store.people import disclosures
from core.store.people.erasure import NOTHING, erased_username
from core.store.replay.columns import DERIVED, PEOPLE
from core.store.replay.state import Fields, Key, State, Text, text_commitments
from core.store.replay.stored import Tables

Texts = Mapping[str, str]  # commitment -> personal text


def differences(state: State, tables: Tables, texts: Texts) -> Iterator[Sentence]:
    """One sentence for each row that differs from the replay, is missing, or is not in the replay."""
    usernames = {key[0]: fields["username"] for key, fields in tables["account"].items()}
    for table, derived in DERIVED.items():
        replayed, stored = _with_texts(table, state, texts), tables[table]
        for key in sorted({**replayed, **stored}, key=str):
            sentence = _difference(replayed.get(key), stored.get(key))
            if sentence is not None:
                yield Sentence(
                    sentence.text, {**sentence.facts, "what": _label(derived.name, derived.key, key, usernames)}
                )


def personal_texts(connection: sa.Connection, state: State) -> tuple[dict[str, str], list[Sentence]]:
    """The texts that the tables should contain (commitment -> text), and one sentence per error in `disclosure`."""
    needed, found, stored, wrong = (
        text_commitments(state.tables.values()),
        dict[str, str](),
        set[str](),
        list[Sentence](),
    )
    for each in disclosures.every(connection):
        stored.add(each.commitment)
        if each.commitment in needed:
            found[each.commitment] = each.text
        if not each.fits:
            wrong.append(Sentence("Nội dung mang mã {code} khác với mã trong sổ cái.", {"code": each.commitment[:16]}))
        elif each.commitment not in state.committed:
            wrong.append(
                Sentence(
                    "Nội dung mang mã {code}: có trong cơ sở dữ liệu mà sổ cái không ghi.",
                    {"code": each.commitment[:16]},
                )
            )
        elif each.commitment in state.erased:
            wrong.append(
                Sentence("Nội dung mang mã {code}: sổ cái ghi là đã xóa mà vẫn còn.", {"code": each.commitment[:16]})
            )
    for missing in sorted(state.committed - stored - state.erased):
        wrong.append(
            Sentence("Nội dung mang mã {code}: sổ cái có ghi mà cơ sở dữ liệu không còn.", {"code": missing[:16]})
        )
    return found, wrong


def _with_texts(table: str, state: State, texts: Texts) -> dict[Key, Fields]:
    """The replayed rows of a table, with commitments replaced by their texts."""
    return {
        key: {name: _resolve(table, key, name, value, state, texts) for name, value in fields.items()}
        for key, fields in state[table].items()
    }


def _resolve(table: str, key: Key, name: str, value: object, state: State, texts: Texts) -> object:
    if not isinstance(value, Text):
        return value
    if value.commitment in state.erased:
        return erased(f"{table}.{name}", key)
    return texts.get(value.commitment)


def erased(column: str, key: Key) -> str:
    """The expected value of a column of this row after its text is erased. `column`: "table.column"."""
    return erased_username(key[0]) if column == "account.username" else NOTHING


def _label(name: Sentence, keys: tuple[str, ...], key: Key, usernames: Mapping[int, str]) -> Sentence:
    facts = dict(zip(keys, key, strict=True))
    for each in PEOPLE & facts.keys():
        facts[each] = usernames.get(facts[each], facts[each])
    return Sentence(name.text, facts)


def _difference(replayed: Fields | None, stored: Fields | None) -> Sentence | None:
    if replayed is None:
        return Sentence("{what}: có trong cơ sở dữ liệu mà sổ cái không ghi.")
    if stored is None:
        return Sentence("{what}: sổ cái có ghi mà cơ sở dữ liệu không còn.")
    columns = [name for name, value in stored.items() if replayed[name] != value]
    if not columns:
        return None
    return Sentence("{what}: khác với sổ cái ({columns}).", {"columns": ", ".join(columns)})
