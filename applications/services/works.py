"""Works supervision: design handed in and reviewed, mid-construction inspection, completion notified."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from applications.models import (
    Application,
    CompletionNotice,
    DesignReview,
    DesignSubmission,
    Document,
    MidInspection,
    MidInspectionRequest,
)
from applications.selectors.facts import latest_design, latest_mid_request
from applications.services.facts import base, ids, recording, said, split
from staff.models import User
from workflow.transitions import Act, Done


def submit_design(
    application: Application, *, by: User, papers: Collection[Document] = (), **given: Any
) -> Done:
    """设计文件报审, with the papers that make it up."""
    how, fields, _confirmed = split(given)
    data = said(fields, "licence_no") | {"papers": len(papers)}
    with recording(application, "submit_design", by, how, data, **fields, papers=papers) as a:
        design = DesignSubmission.objects.create(**base(a, application), **fields)
        design.papers.set(papers)
        _attach(a, papers)
    return a.done


def review_design(application: Application, *, by: User, opinions: Sequence[str] = (), **given: Any) -> Done:
    """设计文件审查, passed; opinions to be heeded may stand beside it."""
    return _review(application, "review_design", by, opinions, given, passed=True)


def return_design(application: Application, *, by: User, opinions: Sequence[str], **given: Any) -> Done:
    """设计文件审查, not passed: every opinion at once, numbered."""
    return _review(application, "return_design", by, opinions, given, passed=False)


def _review(
    application: Application,
    name: str,
    by: User,
    opinions: Sequence[str],
    given: dict[str, Any],
    *,
    passed: bool,
) -> Done:
    how, _fields, _confirmed = split(given)
    with recording(
        application, name, by, how, {"passed": passed, "opinions": len(opinions)}, opinions=opinions
    ) as a:
        DesignReview.objects.create(
            **base(a, application),
            submission=latest_design(application),
            passed=passed,
            opinions=list(opinions),
        )
    return a.done


def request_mid_inspection(application: Application, *, by: User, **given: Any) -> Done:
    """中间检查申请: which concealed works, from which day."""
    how, fields, _confirmed = split(given)
    with recording(application, "request_mid_inspection", by, how, said(fields, "ready_date"), **fields) as a:
        MidInspectionRequest.objects.create(**base(a, application), **fields)
    return a.done


def record_mid_inspection(
    application: Application, *, by: User, inspectors: Collection[User], **given: Any
) -> Done:
    """中间检查: what was looked at, and whether it was in order."""
    how, fields, _confirmed = split(given)
    data = {
        "passed": fields["passed"],
        "items": len(fields["items"]),
        "opinions": len(fields.get("opinions") or ()),
        "inspectors": ids(inspectors),
    }
    with recording(application, "record_mid_inspection", by, how, data, **fields) as a:
        found = MidInspection.objects.create(
            **base(a, application), request=latest_mid_request(application), **fields
        )
        found.inspectors.set(inspectors)
    return a.done


def notify_completion(
    application: Application, *, by: User, papers: Collection[Document] = (), **given: Any
) -> Done:
    """竣工报验: by which firm, with which licence, finished when."""
    return _completion(application, "notify_completion", by, papers, given)


def request_reinspection(
    application: Application, *, by: User, papers: Collection[Document] = (), **given: Any
) -> Done:
    """After rectification: what was mended."""
    return _completion(application, "request_reinspection", by, papers, given)


def _completion(
    application: Application, name: str, by: User, papers: Collection[Document], given: dict[str, Any]
) -> Done:
    how, fields, _confirmed = split(given)
    data = said(fields, "licence_no", "finished_date") | {"papers": len(papers)}
    with recording(application, name, by, how, data, **fields, papers=papers) as a:
        notice = CompletionNotice.objects.create(**base(a, application), **fields)
        notice.papers.set(papers)
        _attach(a, papers)
    return a.done


def _attach(a: Act, papers: Collection[Document]) -> None:
    """Papers enter the log by the digest of their bytes."""
    a.documents += [f"sha-256:{paper.sha256}" for paper in papers if paper.sha256]
