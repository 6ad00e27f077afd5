"""What payloads are made of: people, commitments, counts; and the base of their classes."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Person: TypeAlias = Annotated[str, Meta(pattern=r"^(GK|TK)[0-9]{2,9}$")]
Commitment: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", title="commitment")]  # to a personal text
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]  # SHA-256 of something that is no personal text
Session: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]  # the beginning of a secret's hash
Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Payload(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every payload: unknown fields are refused, fields that have their default are left out."""
