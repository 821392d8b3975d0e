from __future__ import annotations

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.silence import digest_of, digests_of, read_silence_token, silence_token

OLD, NEW = "o" * 32, "n" * 32
SHOP, OTHER = new_id(), new_id()


def test_one_mailbox_has_one_hash_in_one_shop() -> None:
    same = {digest_of(NEW.encode(), SHOP, one) for one in ("karin@example.com", "Karin+1@Example.COM")}
    others = {digest_of(NEW.encode(), SHOP, "kalle@example.com"), digest_of(NEW.encode(), OTHER, "karin@example.com")}
    assert len(same) == 1 and len(same | others) == 3


def test_a_new_secret_does_not_open_what_the_old_one_has_shut() -> None:
    assert digest_of(OLD.encode(), SHOP, "karin@example.com") in digests_of([NEW, OLD], SHOP, "karin@example.com")


def test_the_link_says_which_hash_and_not_whose_and_works_under_a_secret_that_is_being_retired() -> None:
    token = silence_token(OLD.encode(), SHOP, "karin@example.com")
    assert read_silence_token([NEW, OLD], token) == (SHOP, digest_of(OLD.encode(), SHOP, "karin@example.com"))
    assert "karin" not in token


def test_a_link_that_somebody_made_up_is_none_of_ours() -> None:
    token = silence_token(NEW.encode(), SHOP, "karin@example.com")
    other = silence_token(NEW.encode(), SHOP, "kalle@example.com")
    for forged in ("", token[:-1], token + "A", token[:65] + other[65:], "å" + token[1:], "=" + token[1:], OLD):
        assert read_silence_token([NEW], forged) is None
    assert read_silence_token([OLD], token) is None
