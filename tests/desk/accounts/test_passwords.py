"""Which passwords are allowed, and how they are stored: `core.desk.accounts.passwords` (NIST SP 800-63B §5.1.1.2,
ASVS 5.0 6.2).
"""

import time
from contextlib import suppress

import bcrypt
import pytest
from streamlit_authenticator.utilities import Hasher

from core.desk.accounts import account_refusals, accounts, password_resets, passwords, sessions
from core.rules.access import Role
from core.store.engine import Store, WriteTransaction
from core.store.people import accounts as rows
from tests.desk.accounts.test_accounts import ADMIN, GOOD, NOW, opened, signed_in

ACCENTED = "ặ" * 3 + "Chữ có dấu tính hai ba byte, nên sáu mươi tư chữ không vừa."


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(passwords, "_decoy", [])


class TestEasilyGuessed:
    @pytest.mark.parametrize(
        "password",
        [
            "qwertyuiop12",  # keyboard sequences
            "1qaz2wsx3edc4rfv5tgb",
            "zxcvbnm,./123",
            "password1234567",  # common words with common endings
            "P@ssw0rd2024!!",
            "iloveyou123456",
            "saigon1234567",
            "Chuyendoiso2024@",
            "Anhyeuem@123456",
            "abc123abc123",  # repeated
            "asdfasdfasdf",
            "sonlasonla2024",
            "0912345678909",  # digits in a row, dates, telephone numbers
            "19/05/1990 19/05",
            "mat khau mat khau 2024",
        ],
    )
    def test_is_refused(self, password: str) -> None:
        with pytest.raises(account_refusals.PasswordCommon):
            passwords.acceptable(password, "gk.lan")

    @pytest.mark.parametrize(
        "password",
        [GOOD, "kxq-mwe-7tr-2pl", "tôi yêu tiếng nước tôi", "Hà Nội mùa thu 1987 lá bay", "hoa sen trắng nở"],
    )
    def test_is_not_reported_for_an_uncommon_password(self, password: str) -> None:
        passwords.acceptable(password, "gk.lan", "Lò Thị Lan", "Cuộc thi tìm hiểu chuyển đổi số")

    @pytest.mark.parametrize(
        "password", ["Lò Thị Lan 1987", "lothilan@1987", "Cuộc thi tìm hiểu 2024", "cuocthitimhieu1"]
    )
    def test_includes_names_of_the_person_and_of_the_contest(self, password: str) -> None:
        with pytest.raises(account_refusals.PasswordCommon):
            passwords.acceptable(password, "gk01", "Lò Thị Lan", "Cuộc thi tìm hiểu")

    def test_the_desk_checks_with_the_names_of_the_person_and_the_contest(self, sqlite_store: Store) -> None:
        opened(sqlite_store, demo=False)
        given = accounts.add(sqlite_store, ADMIN, "gk1", "Quàng Thị Hạnh Nguyên", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)
        with pytest.raises(account_refusals.PasswordCommon):
            accounts.change_password(sqlite_store, who, given, "quangthihanhnguyen87", "browser", NOW)
        secret = password_resets.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        with pytest.raises(account_refusals.PasswordCommon):
            password_resets.use_link(sqlite_store, secret, "Quàng Thị Hạnh Nguyên 87", NOW)

    def test_is_checked_quickly_however_long_it_is(self) -> None:
        passwords.acceptable("con trâu đi trước", "gk01")  # reads its word lists
        for long in ("4@310$7|" * 16, "ab1!" * 32, "p@ssw0rd" * 16):
            began = time.process_time()
            with suppress(account_refusals.PasswordCommon):
                passwords.acceptable(long, "gk01")
            assert time.process_time() - began < 2


class TestLength:
    def test_is_of_letters_not_bytes(self) -> None:
        passwords.acceptable(ACCENTED, "gk01")
        assert len(ACCENTED) > 60 and len(ACCENTED.encode()) > passwords.BCRYPT_READS
        longest = (ACCENTED * 3)[: passwords.MOST - 1] + "x"
        passwords.acceptable(longest, "gk01")
        with pytest.raises(account_refusals.PasswordLong):
            passwords.acceptable(longest + "y", "gk01")

    def test_every_letter_counts(self, sqlite_store: Store) -> None:
        longest = (ACCENTED * 3)[: passwords.MOST]
        stored = passwords.hashed(longest)
        assert passwords.matching(longest, stored)
        assert not passwords.matching(longest[:-1] + "z", stored)
        assert not passwords.matching(longest + "!", stored)
        assert not passwords.matching(longest + "!" * 1000, stored)
        assert not passwords.matching("", stored)

    def test_a_nul_does_not_end_the_password(self) -> None:
        stored = passwords.hashed("trước\x00sau sau sau")
        assert passwords.matching("trước\x00sau sau sau", stored)
        assert not passwords.matching("trước\x00khác khác", stored)
        assert not passwords.matching("trước", stored)

    def test_one_may_be_chosen_and_signed_in_with(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        accounts.change_password(store, signed_in(store, "gk1", given), given, ACCENTED, "browser", NOW)
        assert not signed_in(store, "gk1", ACCENTED).must_change_password


class TestEarlierHashes:
    """Hashes of earlier releases, which gave the password itself to bcrypt, remain valid."""

    def with_earlier_hash(self, store: Store, password: str) -> None:
        accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()

        def act(transaction: WriteTransaction) -> None:
            person = rows.named(transaction.connection, "gk1")
            assert person is not None
            rows.set_password(transaction.connection, person.id, hashed, must_change=False)

        store.change(act)

    @pytest.mark.parametrize("matches", [None, Hasher.check_pw])
    def test_they_are_accepted_and_a_change_renews_them(self, store: Store, matches: passwords.Matches) -> None:
        self.with_earlier_hash(store, GOOD)
        attempt = sessions.Attempt("gk1", GOOD, "10.0.0.1", "browser")
        assert sessions.sign_in(store, attempt, NOW, matches)
        new = "ba con vịt xiêm ăn ngô"
        accounts.change_password(store, signed_in(store, "gk1", GOOD), GOOD, new, "browser", NOW)
        with store.read() as connection:
            person = rows.named(connection, "gk1")
        assert person is not None and person.password.startswith(passwords.DIGESTED)
        assert sessions.sign_in(store, sessions.Attempt("gk1", new, "10.0.0.1", "browser"), NOW, matches)

    def test_a_password_longer_than_bcrypt_reads_is_wrong_even_where_its_beginning_is_right(self) -> None:
        long = "x1y2z3w4" * 9
        stored = bcrypt.hashpw(long.encode(), bcrypt.gensalt(4)).decode()
        assert passwords.matching(long, stored)
        assert not passwords.matching(long + "!", stored)
        assert not passwords.matching(long + "!" * 1000, stored)

    def test_the_digest_of_a_password_is_no_password(self) -> None:
        """A SHA-256 hash stolen elsewhere does not sign in here; nor does the text that is given to bcrypt."""
        stored = passwords.hashed(GOOD)
        assert not passwords.matching(passwords._digest(GOOD), stored)
        earlier = bcrypt.hashpw(passwords._digest(GOOD).encode(), bcrypt.gensalt(4)).decode()
        assert not passwords.matching(GOOD, earlier)
