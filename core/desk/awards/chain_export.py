"""The result chain as a public file: it holds no personal data, and each line is exactly the text that is hashed."""

from core.desk import context
from core.desk.awards.award_files import Export
from core.store import ledger_rows
from core.store.engine import Store
from core.store.ledger import Chain

JSON_LINES = "application/jsonl; charset=utf-8"


def result_chain(store: Store) -> Export:
    """All rows of the result chain in order, each as one line of canonical JSON (RFC 8785) ending with a line feed."""
    with store.read() as connection:
        text = "".join(f"{row.text}\n" for row in ledger_rows.rows(connection, chain=Chain.RESULT))
    return Export(f"so-ket-qua-{context.contest(store).key}.jsonl", JSON_LINES, text.encode())
