"""RFC 6962, section 2.1: roots and inclusion paths. The vectors are those of Google's Certificate Transparency code."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.signing.merkle import MerkleTree, inclusion_path, merkle_root

INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [hashlib.sha256(b"\x00" + bytes.fromhex(each)).digest() for each in INPUTS]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = {  # (index, size) -> the path
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert merkle_root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("where, path", PATHS.items())
def test_the_published_paths(where: tuple[int, int], path: tuple[str, ...]) -> None:
    index, size = where
    assert [each.hex() for each in inclusion_path(LEAVES[:size], index)] == list(path)


def by_the_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return _node(by_the_definition(leaves[:k]), by_the_definition(leaves[k:]))


def climbed(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to (RFC 9162, 2.1.3.2)."""
    last = size - 1
    for other in path:
        if index & 1 or index == last:
            leaf = _node(other, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = _node(leaf, other)
        index, last = index >> 1, last >> 1
    assert last == 0
    return leaf


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.integers(1, 300), st.data())
def test_any_tree(size: int, data: st.DataObject) -> None:
    leaves = [hashlib.sha256(number.to_bytes(2)).digest() for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root = by_the_definition(leaves)
    assert merkle_root(leaves) == root
    path = inclusion_path(leaves, index)
    assert climbed(leaves[index], index, size, path) == root
    assert climbed(leaves[index - 1], index, size, path) != root or size == 1


def test_a_tree_that_grows_has_each_root_on_its_way() -> None:
    tree, found = MerkleTree(), list[str]()
    for leaf in LEAVES:
        found.append(tree.root().hex())
        tree.append(leaf)
    assert (*found, tree.root().hex()) == ROOTS
    assert tree.size == len(LEAVES)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path(LEAVES[:3], index)
