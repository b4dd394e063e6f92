"""Personal columns: what goes in comes out, and nothing else does."""

import base64
import subprocess
import sys

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from staff import encryption
from staff.encryption import DEMO_KEY, DecryptionError, Keyring, why_unfit_for_production
from staff.models import User

GOOD = bytes(range(7, 39))
OTHER = bytes(range(100, 132))
RING = Keyring({"k1": GOOD})


@given(st.text(max_size=200), st.text(max_size=30))
def test_what_is_encrypted_comes_back(text: str, context: str) -> None:
    token = RING.encrypt(text, context)
    assert RING.decrypt(token, context) == text


def test_equal_texts_give_different_tokens() -> None:
    assert RING.encrypt("张海棠", "c") != RING.encrypt("张海棠", "c")


@pytest.mark.parametrize("position", [0, 1, 2, 3, 4, 10, 16, 20, -1])
def test_a_changed_byte_is_refused(position: int) -> None:
    token = bytearray(RING.encrypt("张海棠", "staff.user.display_name"))
    token[position] ^= 1
    with pytest.raises(DecryptionError):
        RING.decrypt(bytes(token), "staff.user.display_name")


@pytest.mark.parametrize("token", [b"", b"\x01", b"\x01\x05ab", "张海棠".encode()])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    with pytest.raises(DecryptionError):
        RING.decrypt(token, "c")


def test_a_token_belongs_to_its_column() -> None:
    token = RING.encrypt("13800000101", "staff.user.phone")
    with pytest.raises(DecryptionError):
        RING.decrypt(token, "staff.user.display_name")


def test_a_new_key_encrypts_and_the_old_one_still_reads() -> None:
    old = RING.encrypt("张海棠", "c")
    both = Keyring({"k2": OTHER, "k1": GOOD})
    assert both.decrypt(old, "c") == "张海棠"
    assert both.encrypt("张海棠", "c")[2:4] == b"k2"
    with pytest.raises(DecryptionError, match="k1"):
        Keyring({"k2": OTHER}).decrypt(old, "c")


def test_the_index_outlives_a_new_key_and_keeps_purposes_apart() -> None:
    both = Keyring({"k2": OTHER, "k1": GOOD})
    assert both.blind_index("13800000101", "phone") == RING.blind_index("13800000101", "phone")
    assert RING.blind_index("13800000101", "phone") != RING.blind_index("13800000101", "id")
    assert RING.blind_index("13800000101", "phone") != RING.blind_index("13800000102", "phone")


@pytest.mark.parametrize(
    ("pairs", "fit"),
    [
        ((("k1", GOOD),), True),
        ((("k1", DEMO_KEY),), False),
        ((("demo", GOOD),), False),
        ((("k1", b"\0" * 32),), False),
        ((("k2", GOOD), ("k1", DEMO_KEY)), False),
    ],
)
def test_published_and_guessable_keys_are_unfit_for_production(pairs: encryption.Pairs, *, fit: bool) -> None:
    assert (why_unfit_for_production(pairs) is None) == fit


def test_production_does_not_start_on_the_demo_key(process_environment: dict[str, str]) -> None:
    environment = process_environment | {
        "TONGDIAN_ENV": "production",
        "TONGDIAN_FIELD_KEYS": f"k1:{base64.b64encode(DEMO_KEY).decode()}",
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert "demo or guessable key" in run.stderr


def test_a_ring_without_keys_or_with_short_ones_is_refused(settings) -> None:
    settings.FIELD_KEYS = ()
    with pytest.raises(ImproperlyConfigured):
        encryption.keyring()
    settings.FIELD_KEYS = (("k1", b"short"),)
    with pytest.raises(ImproperlyConfigured):
        encryption.keyring()


def test_the_database_holds_no_readable_name_or_phone(db: None) -> None:
    user = User.objects.create_customer("13800000101", "张海棠")
    with connection.cursor() as cursor:
        cursor.execute("SELECT display_name, phone, phone_index FROM staff_user WHERE id = %s", [user.pk])
        name, phone, index = cursor.fetchone()
    assert "张海棠".encode() not in bytes(name)
    assert b"13800000101" not in bytes(phone)
    assert "13800000101" not in index
    assert User.objects.get(pk=user.pk).display_name == "张海棠"


def test_a_tampered_row_is_an_error_not_a_name(db: None) -> None:
    user = User.objects.create_customer("13800000101", "张海棠")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_user SET display_name = phone WHERE id = %s", [user.pk])
    with pytest.raises(DecryptionError):
        User.objects.get(pk=user.pk)


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__lower"])
def test_searching_an_encrypted_column_is_refused_with_a_sentence(db: None, lookup: str) -> None:
    with pytest.raises(FieldError, match="phone is encrypted"):
        User.objects.filter(**{lookup: "13800000101"}).count()
    assert User.objects.filter(phone__isnull=False).count() == 0
