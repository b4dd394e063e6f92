"""The doors for changes: the register of people (register) and getting in (signin)."""

from staff.services.register import (
    Refused,
    close_post,
    grant_certificate,
    grant_certificates_unchecked,
    open_post,
    record_absence,
    revoke_certificate,
    withdraw_absence,
)
from staff.services.signin import (
    SentCode,
    SignInRefused,
    account_key,
    check_code,
    check_password,
    customer_of,
    forget_old,
    send_code,
)

__all__ = [
    "Refused",
    "SentCode",
    "SignInRefused",
    "account_key",
    "check_code",
    "check_password",
    "close_post",
    "customer_of",
    "forget_old",
    "grant_certificate",
    "grant_certificates_unchecked",
    "open_post",
    "record_absence",
    "revoke_certificate",
    "send_code",
    "withdraw_absence",
]
