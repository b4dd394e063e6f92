"""Whoever can sign in: customers, officers, and services."""

import secrets
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7

from staff.encryption import blind_index
from staff.fields import EncryptedTextField
from staff.formats import mask_phone

PHONE_PURPOSE = "phone"


def phone_index(phone: str) -> str:
    """The fingerprint by which a normalised phone number is found."""
    return blind_index(phone, PHONE_PURPOSE)


class UserManager(BaseUserManager["User"]):
    """Makes users of each kind; nothing else does."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An officer (or a service, by `kind`) who signs in with a name and a password."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """The first administrator of a new installation; posts are opened by him for everybody else."""
        return self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})

    def create_customer(self, phone: str, display_name: str = "") -> "User":
        """A customer known by a verified phone; the username is a random token, as it may appear in logs."""
        user = self.model(
            username=f"c-{secrets.token_hex(12)}", display_name=display_name, kind=self.model.Kind.CUSTOMER
        )
        user.set_phone(phone)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def customer_by_phone(self, phone: str) -> "User | None":
        """The customer with this normalised phone number."""
        return self.filter(kind=self.model.Kind.CUSTOMER, phone_index=phone_index(phone)).first()


class User(AbstractBaseUser, PermissionsMixin):
    """A person or service that can sign in. Name and phone are encrypted; id and username are no secrets."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        OFFICER = "officer", _("Officer")
        SERVICE = "service", _("Service account")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(
        _("Sign-in name"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()]
    )
    display_name = EncryptedTextField(pgettext_lazy("person", "Name"), max_length=60, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.OFFICER)
    phone = EncryptedTextField(_("Phone"), max_length=20, null=True, blank=True, editable=False)
    phone_index = models.CharField(max_length=64, null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_staff = models.BooleanField(_("May use the administration pages"), default=False)
    created_at = models.DateTimeField(_("Created at"), default=timezone.now, editable=False)

    # Every change of this row is sealed by a trigger; a column that changes at each sign-in would drown the rest.
    last_login = None

    # The answer of the permission backend for this object, that is, for this request; no column.
    administers_today: bool | None = None

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                name="staff_user_one_customer_a_phone", fields=["phone_index"], condition=Q(kind="customer")
            ),
            models.CheckConstraint(
                name="staff_user_phone_and_index",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
            models.CheckConstraint(
                name="staff_user_customers_are_no_staff",
                condition=~Q(kind="customer") | Q(is_staff=False, is_superuser=False),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The name to show, or the masked phone of a customer who has given none yet."""
        return self.display_name or (mask_phone(self.phone) if self.phone else self.username)

    get_short_name = get_full_name

    @property
    def is_officer(self) -> bool:
        return self.kind == self.Kind.OFFICER

    @property
    def is_customer(self) -> bool:
        return self.kind == self.Kind.CUSTOMER

    def set_phone(self, phone: str | None) -> None:
        """Set a normalised phone number together with its index; does not save."""
        self.phone = phone
        self.phone_index = phone_index(phone) if phone else None
