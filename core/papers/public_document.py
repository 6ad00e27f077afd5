"""The document that is published: the confirmed one, with judges by number only."""

import hmac
from dataclasses import replace

from core.papers.document import AwardDocument
from core.papers.workbook import nameless


def public_document(confirmed: AwardDocument) -> AwardDocument:
    """A copy of the confirmed document without the judges' names and the sheets' sealing times, and with another salt.

    The salt is a function of the confirmed one that does not reveal it: with it, judges' names could be guessed until
    the hash of the confirmed document fits.
    """
    salt = hmac.digest(bytes.fromhex(confirmed.salt), b"public", "sha256")[:16].hex()
    return replace(nameless(confirmed), salt=salt)
