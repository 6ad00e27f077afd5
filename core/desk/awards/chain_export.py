"""The result chain as a file that can be handed to anyone: it holds nothing personal, and each line is the text that is hashed."""

from core.desk import context
from core.desk.awards.award_files import Export
from core.store import ledger_rows
from core.store.engine import Store
from core.store.ledger import Chain

JSON_LINES = "application/jsonl; charset=utf-8"


def result_chain(store: Store) -> Export:
    """Every row of the result chain as one line of canonical JSON (RFC 8785), in its order, each ended by a line feed."""
    with store.read() as connection:
        text = "".join(f"{row.text}\n" for row in ledger_rows.rows(connection, chain=Chain.RESULT))
    return Export(f"so-ket-qua-{context.contest(store).key}.jsonl", JSON_LINES, text.encode())
