from __future__ import annotations

import base64
import hashlib
import hmac
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.links import (
    PREFIXES,
    Kind,
    Purpose,
    derive_key,
    key_id,
    looks_like_token,
    make_token,
    random_token,
    same,
    signature,
    token_hash,
)

SECRET = b"a secret of at least 32 bytes, say"
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
KINDS: tuple[Kind, ...] = get_args(Kind)


def test_a_token_is_the_same_every_time_and_43_characters_of_base64url() -> None:
    token = make_token(SECRET, key_id(SECRET), "shop", "order", 1)
    assert token == make_token(SECRET, key_id(SECRET), "shop", "order", 1)
    assert looks_like_token(token)
    assert len(base64.urlsafe_b64decode(token + "=")) == 32


def test_a_token_is_hmac_sha256_under_the_tracking_key() -> None:
    # Written out once more, because links that were mailed must keep working in later versions.
    key = hmac.digest(b"k" * 32, b"storefront-trace/1/tracking", "sha256")
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (b"abcd1234", b"s", b"o", b"1"))
    expected = base64.urlsafe_b64encode(hmac.digest(key, message, "sha256")).decode().rstrip("=")
    assert make_token(b"k" * 32, "abcd1234", "s", "o", 1) == expected


arguments = st.tuples(st.binary(min_size=1, max_size=8), st.text(max_size=4), st.text(max_size=4), st.text(max_size=4))


@given(arguments, arguments, st.integers(1, 3), st.integers(1, 3))
def test_tokens_are_equal_only_when_everything_they_are_made_from_is(
    one: tuple[bytes, str, str, str], other: tuple[bytes, str, str, str], n: int, m: int
) -> None:
    # HMAC pads a key with zeros: b"a" and b"a\0" are one key. Secrets of one length, as config makes them, never meet.
    equal = (one[0].rstrip(b"\0"), *one[1:], n) == (other[0].rstrip(b"\0"), *other[1:], m)
    assert (make_token(*one, n) == make_token(*other, m)) == equal


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_moving_a_character_from_one_part_to_the_next_changes_the_signature(one: list[str], other: list[str]) -> None:
    assert (signature(SECRET, "form", *one) == signature(SECRET, "form", *other)) == (one == other)


def test_no_purpose_accepts_what_was_made_for_another() -> None:
    made = {signature(SECRET, purpose, "shop", "order", "1") for purpose in PURPOSES}
    keys = {derive_key(SECRET, purpose) for purpose in PURPOSES}
    assert len(made) == len(keys) == len(PURPOSES)
    assert SECRET not in keys


def test_a_key_id_is_short_steady_and_not_a_piece_of_any_key() -> None:
    assert key_id(SECRET) == key_id(SECRET) != key_id(SECRET + b"!")
    assert len(key_id(SECRET)) == 8
    assert all(key_id(SECRET) not in derive_key(SECRET, purpose).hex() for purpose in PURPOSES)
    assert key_id(SECRET) not in hashlib.sha256(SECRET).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_random_tokens_have_their_kinds_prefix_and_256_bits(kind: Kind) -> None:
    made = {random_token(kind) for _ in range(100)}
    assert len(made) == 100
    assert all(token.startswith(PREFIXES[kind]) and looks_like_token(token[4:]) for token in made)
    assert not any(looks_like_token(token) for token in made)


def test_every_kind_has_its_own_prefix() -> None:
    assert len({PREFIXES[kind] for kind in KINDS}) == len(KINDS)
    assert PREFIXES["api"] == "stt_"


def test_the_stored_hash_is_sha256_of_all_of_the_token() -> None:
    assert token_hash("stt_abc") == hashlib.sha256(b"stt_abc").hexdigest()


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "+", "A" * 43 + "\n", "é" * 43])
def test_other_texts_do_not_look_like_tokens(text: str) -> None:
    assert not looks_like_token(text)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        make_token(b"", "abcd1234", "shop", "order", 1)


def test_secret_texts_are_compared_whatever_characters_an_attacker_sends() -> None:
    assert same("stt_a", "stt_a")
    assert not same("stt_a", "stt_å")
    assert not same("stt_a", "stt_ab")
