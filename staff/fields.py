"""A text column that the database can store but not read."""

from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from staff.encryption import decrypt, encrypt


class EncryptedTextField(models.Field):
    """Text in Python, an AES-GCM token (bytea) in the database.

    Searching in it would compare random ciphertexts and silently find nothing, so every lookup but `isnull`
    is refused: store a blind index beside it to find rows by value. Tokens are bound to model and column; a
    rename of either must re-encrypt.
    """

    description = "Encrypted text"
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def context(self) -> str:
        """What a token is bound to."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper) -> str | None:
        return None if value is None else decrypt(bytes(value), self.context)

    def to_python(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def get_db_prep_value(  # the signature is Django's
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,
    ) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(encrypt(str(value), self.context))  # type: ignore[attr-defined]

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.name} is encrypted, so “{lookup_name}” can't be asked of it; only isnull can. "
                "Look the row up by its blind index."
            )
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(
            f"{self.name} is encrypted, so “{lookup_name}” can't be asked of it; only isnull can."
        )

    def formfield(self, **kwargs: Any) -> Any:
        if self.max_length is not None:
            kwargs.setdefault("max_length", self.max_length)
        return super().formfield(**{"form_class": forms.CharField, **kwargs})
