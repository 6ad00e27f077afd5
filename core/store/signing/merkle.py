"""Merkle trees of RFC 6962, section 2.1. The leaves are hashed already: the hashes of ledger rows begin with 0x00."""

import hashlib
from collections.abc import Iterable, Sequence

_EMPTY = hashlib.sha256().digest()


class MerkleTree:
    """A tree that grows leaf by leaf. It holds one hash for each complete subtree: about log2(size) of them."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []  # the largest first

    def append(self, leaf: bytes) -> None:
        """Add a leaf, 32 bytes."""
        joined = self.size
        self.size += 1
        while joined & 1:
            leaf = _node(self._subtrees.pop(), leaf)
            joined >>= 1
        self._subtrees.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far, 32 bytes; of no leaves, SHA-256 of nothing."""
        if not self._subtrees:
            return _EMPTY
        *larger, found = self._subtrees
        for left in reversed(larger):
            found = _node(left, found)
        return found


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes (32 bytes each), in order."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` (from 0) to the root, from the lowest up (RFC 6962, 2.1.1).

    Raises IndexError where there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, path = list(leaves), list[bytes]()
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*pairs, *level[len(pairs) * 2 :]]
        index >>= 1
    return path


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
