"""供用电合同: issued, signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from applications.models import Application, Contract, Document, Party, Signature, SigningMethod, digest_of
from applications.selectors.facts import contract_template, latest_contract, latest_scheme
from applications.selectors.terms import contract_text
from applications.services.facts import base, party_of, recording, split, there
from applications.services.signing import confirm_code, was_proved
from staff.models import User
from workflow.numbers import next_number
from workflow.transitions import Done, Stale

CONTRACT_LETTERS = "HT"


def issue_contract(
    application: Application, *, by: User, kind: str, issued_to: Party, method: str, **given: Any
) -> Done:
    """The text, made from the template in force with this case's terms, numbered, and given to the customer."""
    how, _fields, _confirmed = split(given)
    data = {"kind": kind, "issued_to": str(issued_to.pk), "method": method}
    with recording(application, "issue_contract", by, how, data) as a:
        template = there(
            contract_template(kind),
            _("No wording is in force for this kind of contract; ask an administrator."),
        )
        number = next_number(CONTRACT_LETTERS, application.case.office.code)
        scheme = latest_scheme(application)
        text = contract_text(template, application, scheme, number, application.parties.get(role="applicant"))
        contract = Contract.objects.create(
            **base(a, application),
            number=number,
            kind=kind,
            template=template,
            scheme=scheme,
            text=text,
            digest=digest_of(text),
            issued_to=issued_to,
            method=method,
        )
        a.data |= {"number": number, "template": template.version}
        a.documents.append(contract.digest)
    return a.done


def sign_contract(
    application: Application,
    *,
    by: User,
    digest: str,
    method: str,
    party: Party | None = None,
    paper: Document | None = None,
    provider_ref: str = "",
    digits: str = "",
    code: UUID | None = None,
    **given: Any,
) -> Done:
    """A signature under the text that was shown: digest, party, method, moment, device.

    `code` is the code already entered, where it signs several texts that were shown together.
    """
    how, _fields, _confirmed = split(given)
    if method == SigningMethod.CODE and code:
        was_proved(by, code)
    elif method == SigningMethod.CODE:
        confirm_code(application, by, digits, how["key"])
    circumstance = how["circumstance"]
    with recording(
        application,
        "sign_contract",
        by,
        how,
        {"digest": digest, "method": method},
        party=party,
        paper=paper,
        provider_ref=provider_ref,
    ) as a:
        contract = there(latest_contract(application))
        if contract.digest != digest:
            raise Stale(_("There is a newer text of the contract. Read it before you sign."))
        signer = party_of(application, by, party)
        Signature.objects.create(
            **base(a, application),
            contract=contract,
            digest=digest,
            party=signer,
            method=method,
            provider_ref=provider_ref,
            paper=paper if method == SigningMethod.PAPER else None,
            device=(circumstance.device or "") if circumstance else "",
        )
        a.data |= {"party": str(signer.pk), "number": contract.number}
        a.documents.append(digest)
        if paper is not None and paper.sha256:
            a.documents.append(f"sha-256:{paper.sha256}")
    return a.done
