"""Flags, the stories of cases, rules, law, and the question about a gap."""

from django.urls import path, re_path

from integrity.views import flags, interventions, law, ledger, ledger_desk, questions, rules, stories, verify

app_name = "integrity"
urlpatterns = [
    path("", flags.flags, name="flags"),
    path("flags/<uuid:flag_id>/", flags.flag_page, name="flag"),
    path("flags/<uuid:flag_id>/take/", flags.flag_take, name="flag_take"),
    path("flags/<uuid:flag_id>/ask/", flags.flag_ask, name="flag_ask"),
    path("flags/<uuid:flag_id>/resolve/", flags.flag_resolve, name="flag_resolve"),
    path("cases/", stories.stories, name="stories"),
    path("cases/<uuid:case_id>/", stories.story_page, name="story"),
    path("cases/<uuid:case_id>/verify/", stories.story_verify, name="story_verify"),
    path("ledger/", ledger_desk.ledger, name="ledger"),
    path("ledger/runs/<uuid:run_id>/", ledger_desk.verification, name="verification"),
    path("questions/<uuid:case_id>/", questions.gap_questions, name="questions"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:code>/", rules.rule_page, name="rule"),
    path("law/", law.law, name="law"),
    path("interventions/", interventions.interventions, name="interventions"),
    path("interventions/tips/<uuid:tip_id>/", interventions.tip_off_answer, name="tip_off_answer"),
]

registering = [
    path("new/", interventions.intervention_new, name="new"),
    path("nil/", interventions.intervention_nil, name="nil"),
    path("tip-off/", interventions.tip_off_new, name="tip_off"),
    path("tip-off/answer/", interventions.tip_off_look, name="tip_off_look"),
]
"""For everybody of the staff, under /intervention/: what is registered there is read under /audit/ by the discipline office alone."""

verifying = [
    path("", verify.verify, name="verify"),
    path("verify_receipt.py", verify.script, name="script"),
    path("keys.txt", verify.keys, name="keys"),
    path("today/", ledger_desk.hall, name="today"),
    path("case/<uuid:case_id>/", verify.my_entries, name="my_entries"),
    path("<slug:code>/", verify.entry, name="entry"),
    path("<slug:code>/state/", verify.entry_fragment, name="fragment"),
    path("<slug:code>/promise.txt", verify.promise_file, name="promise"),
    path("<slug:code>/receipt.tlog-proof", verify.proof_file, name="proof"),
]
"""For everybody, under /verify/: a receipt is checked without sign-in, and with or without our help."""

recording = [path("<slug:code>", verify.record, name="record")]
"""Beside the log itself, under /ledger/records/: what our tables say now, for the verifiers people keep."""

publishing = [
    path("checkpoint", ledger.checkpoint, name="checkpoint"),
    re_path(r"^tile/(?P<kind>entries|[0-9]{1,2})/(?P<place>[x0-9./p]{3,60})$", ledger.tile, name="tile"),
    path("key", ledger.key, name="key"),
    path("policy", ledger.policy, name="policy"),
]
"""The log itself, under /ledger/: files any mirror can copy."""
