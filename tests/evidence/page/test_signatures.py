"""The page's own SHA-256, SHA-512 and Ed25519 beside the standard library's and cryptography's; and a browser without them."""

import hashlib
import random
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser

from tests import verifier_page
from tests.evidence.page.checked_page import CheckedPage
from tests.evidence.page.invented_contests import rich_day
from tests.evidence.page.sample_bundles import edited, zipped

pytestmark = pytest.mark.browser
IN_MODULES = "given => { %s\n const bytes = text => bytesOfHex(text); return (async () => (%s))(); }"
RFC_8032 = (  # 7.1, tests 2 and 3: public key, message, signature
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)
WITHOUT = """Object.defineProperty(window, "Worker", {value: undefined});
crypto.subtle.importKey = () => Promise.reject(new DOMException("NotSupportedError"));"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[CheckedPage]:
    opened = CheckedPage(browser)
    yield opened
    opened.context.close()


def computed(window: CheckedPage, expression: str, given: object) -> list[object]:
    found: list[object] = window.page.evaluate(IN_MODULES % (verifier_page.joined("ed25519.js"), expression), given)
    return found


def test_the_hashes_of_every_length_around_a_block(window: CheckedPage) -> None:
    texts = [random.Random(size).randbytes(size) for size in (*range(300), 5000, 100_000)]
    found = computed(
        window, "given.map(text => [hex(sha256(bytes(text))), hex(sha512(bytes(text)))])", [t.hex() for t in texts]
    )
    assert found == [[hashlib.sha256(text).hexdigest(), hashlib.sha512(text).hexdigest()] for text in texts]


def test_signatures_by_hand_and_by_the_browser(window: CheckedPage) -> None:
    chance, given, holds = random.Random(8032), list[tuple[str, str, str]](), list[bool]()
    for number in range(12):
        private, message = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), chance.randbytes(number * 20)
        key, signature = private.public_key().public_bytes_raw(), bytearray(private.sign(message))
        if number % 3:
            signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        given.append((key.hex(), message.hex(), signature.hex()))
        holds.append(number % 3 == 0)
    given += RFC_8032
    order = 2**252 + 27742317777372353535851937790883648493
    larger = bytearray.fromhex(RFC_8032[0][2])
    larger[32:] = (int.from_bytes(larger[32:], "little") + order).to_bytes(
        32, "little"
    )  # the same scalar, written twice
    given.append((*RFC_8032[0][:2], larger.hex()))
    each = "[isSignedByHand(...parts.map(bytes)), await isSigned(...parts.map(bytes))]"
    found = computed(window, f"Promise.all(given.map(async parts => {each}))", given)
    assert found == [[hold, hold] for hold in (*holds, True, True, False)]


def test_a_browser_without_workers_and_without_ed25519(browser: Browser) -> None:
    old = CheckedPage(browser, before=WITHOUT)
    files = rich_day().bundle()
    assert old.check(zipped(files)).startswith("ĐÚNG:")
    name = max(name for name in files if name.startswith("checkpoint-"))
    signed = files[name].decode().split("\n")[4]
    other = signed[:-20] + ("A" if signed[-20] != "A" else "B") + signed[-19:]
    assert old.check(edited(files, name, lambda text: text.replace(signed, other))).endswith("chữ ký sai.")
    assert old.faults == []
    old.context.close()
