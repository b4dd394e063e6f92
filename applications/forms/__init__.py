"""Forms: is the input well shaped? They never save. FORMS finds the one of an act by the act's name."""

from __future__ import annotations

from applications.forms.access_design import ReceiveAccessDesignForm, RequestAccessDesignForm
from applications.forms.act import ActForm
from applications.forms.archive import ArchiveForm
from applications.forms.capacity import CheckCapacityForm, PriorityForm, QueueForm, ReleaseForm
from applications.forms.change import ChangeConsentForm, HandoverForm
from applications.forms.contract import IssueContractForm, SignContractForm
from applications.forms.exits import ReopenForm, ReturnForm, TerminateForm, VoidForm, WithdrawForm
from applications.forms.fees import FeesForm, PaymentForm, RefundForm
from applications.forms.field import (
    AgreeAppointmentForm,
    HandBackForm,
    MissAppointmentForm,
    OfferAppointmentForm,
    TakeAlongForm,
)
from applications.forms.handling import (
    AskExtensionForm,
    AssignForm,
    CorrectForm,
    ExtensionAnswerForm,
    PauseForm,
    ResumeForm,
    TakeForm,
)
from applications.forms.inspection import InspectionForm, RectificationForm
from applications.forms.intake_acts import (
    AcceptActForm,
    EchoActForm,
    RefuseActForm,
    SupplyActForm,
)
from applications.forms.metering import EnergiseForm, IssueMetersForm, MeteringForm
from applications.forms.papers import RequestDocumentsForm, ReviewDocumentForm
from applications.forms.parties import (
    AddPartyForm,
    AuthorityForm,
    ConsentForm,
    EndAuthorityForm,
    QuestionTitleForm,
    SettleTitleForm,
    VerifyPhoneForm,
)
from applications.forms.pv import FilingForm, HostingForm
from applications.forms.replies import (
    AgreeForm,
    AnswerObjectionForm,
    ChooseOptionForm,
    CountersignForm,
    ObjectForm,
    ReplyForm,
    ReturnSchemeForm,
    ReviseForm,
)
from applications.forms.scheme import SchemeForm
from applications.forms.survey import SurveyForm
from applications.forms.temporary import RemovalForm, RenewTemporaryForm
from applications.forms.validity import ExtendValidityForm
from applications.forms.waiting import StateWaitForm
from applications.forms.works import (
    CompletionForm,
    DesignForm,
    MidInspectionForm,
    MidRequestForm,
    ReinspectionForm,
    ReturnDesignForm,
    ReviewForm,
)
from applications.forms.works_items import AddWorksForm, FinishWorksForm, ReportWorksForm

FORMS: dict[str, type[ActForm]] = {
    "record_echo": EchoActForm,
    "accept": AcceptActForm,
    "request_documents": RequestDocumentsForm,
    "review_document": ReviewDocumentForm,
    "extend_validity": ExtendValidityForm,
    "supply_documents": SupplyActForm,
    "refuse": RefuseActForm,
    "take": TakeForm,
    "assign": AssignForm,
    "pause": PauseForm,
    "ask_extension": AskExtensionForm,
    "agree_extension": ExtensionAnswerForm,
    "decline_extension": ExtensionAnswerForm,
    "resume": ResumeForm,
    "correct": CorrectForm,
    "offer_appointment": OfferAppointmentForm,
    "agree_appointment": AgreeAppointmentForm,
    "miss_appointment": MissAppointmentForm,
    "take_along": TakeAlongForm,
    "hand_back": HandBackForm,
    "record_survey": SurveyForm,
    "draft_scheme": SchemeForm,
    "countersign": CountersignForm,
    "return_scheme": ReturnSchemeForm,
    "reply_scheme": ReplyForm,
    "agree_scheme": AgreeForm,
    "object_to_scheme": ObjectForm,
    "answer_objection": AnswerObjectionForm,
    "choose_option": ChooseOptionForm,
    "revise_scheme": ReviseForm,
    "check_capacity": CheckCapacityForm,
    "queue_for_capacity": QueueForm,
    "release_capacity": ReleaseForm,
    "grant_priority": PriorityForm,
    "request_access_design": RequestAccessDesignForm,
    "receive_access_design": ReceiveAccessDesignForm,
    "determine_fees": FeesForm,
    "record_payment": PaymentForm,
    "refund_payment": RefundForm,
    "issue_contract": IssueContractForm,
    "sign_contract": SignContractForm,
    "submit_design": DesignForm,
    "review_design": ReviewForm,
    "return_design": ReturnDesignForm,
    "request_mid_inspection": MidRequestForm,
    "record_mid_inspection": MidInspectionForm,
    "notify_completion": CompletionForm,
    "request_reinspection": ReinspectionForm,
    "add_works": AddWorksForm,
    "report_works": ReportWorksForm,
    "finish_works": FinishWorksForm,
    "state_wait": StateWaitForm,
    "issue_meters": IssueMetersForm,
    "record_inspection": InspectionForm,
    "require_rectification": RectificationForm,
    "record_metering": MeteringForm,
    "energise_source": EnergiseForm,
    "archive": ArchiveForm,
    "record_change_consent": ChangeConsentForm,
    "record_handover": HandoverForm,
    "assess_hosting": HostingForm,
    "record_filing": FilingForm,
    "renew_temporary": RenewTemporaryForm,
    "record_removal": RemovalForm,
    "withdraw": WithdrawForm,
    "terminate": TerminateForm,
    "void": VoidForm,
    "reopen": ReopenForm,
    "return_to_node": ReturnForm,
    "add_party": AddPartyForm,
    "record_authority": AuthorityForm,
    "end_authority": EndAuthorityForm,
    "verify_phone": VerifyPhoneForm,
    "record_consent": ConsentForm,
    "question_title": QuestionTitleForm,
    "settle_title": SettleTitleForm,
}
"""Made as `FORMS[name](request.POST or None, application=…, user=…, version=…)`; its cleaned data goes to SERVICES[name]."""
