"""Addresses of the pages.

Invariant: everything of a workspace is below /w/<workspace>/ and goes through `guard.seated`; the
redirect address of a connector is exactly /connect/<connector>/callback. No logic here.
"""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.generic import RedirectView

from well.web.pages import (
    by_mail,
    checks,
    company,
    connections,
    correct,
    flow_preview,
    flows,
    forget,
    general,
    hooks,
    lists,
    mail_route,
    mailbox,
    mapping,
    oauth,
    operation,
    paper,
    record,
    review,
    rules,
    sender,
    status,
)


class Id:
    """An id in an address: of letters, digits and few signs, so that no database minds it."""

    regex = "[A-Za-z0-9._-]{1,64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Id, "id")

_WORKSPACE: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="queue")),
    path("queue/", lists.queue, name="queue"),
    path("records/", lists.records, name="records"),
    path("records/<id:case>/", record.record, name="record"),
    path("records/<id:case>/page-<int:page>.webp", paper.page_image, name="page_image"),
    path("records/<id:case>/original", paper.original, name="original"),
    path("review/<id:case>/", review.review, name="review"),
    path("review/<id:case>/judge", review.judge, name="judge"),
    path("review/<id:case>/correct", correct.correct, name="correct"),
    path("review/<id:case>/correct/undo", correct.uncorrect, name="uncorrect"),
    path("review/<id:case>/pins", review.pins, name="pins"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<id:case>/", checks.check, name="check"),
    path("checks/<id:case>/answer", checks.check_answer, name="check_answer"),
    path("retry", record.retry, name="retry"),
    path("flows/", flows.flows, name="flows"),
    path("flows/new", connections.create_flow, name="create_flow"),
    path("flows/<id:flow>/", flows.flow, name="flow"),
    path("flows/<id:flow>/start", flows.flow_start, name="flow_start"),
    path("flows/<id:flow>/history", operation.flow_history, name="flow_history"),
    path("flows/<id:flow>/again", operation.flow_again, name="flow_again"),
    path("flows/<id:flow>/rewind", operation.flow_rewind, name="flow_rewind"),
    path("flows/<id:flow>/sync", flows.flow_sync, name="flow_sync"),
    path("flows/<id:flow>/pause", flows.flow_pause, name="flow_pause"),
    path("flows/<id:flow>/rules", flows.flow_rules, name="flow_rules"),
    path("flows/<id:flow>/exceptions/", rules.flow_exceptions, name="flow_exceptions"),
    path(
        "flows/<id:flow>/exceptions/change",
        rules.flow_exceptions_change,
        name="flow_exceptions_change",
    ),
    path("flows/<id:flow>/preview", flow_preview.flow_preview, name="flow_preview"),
    path("flows/<id:flow>/forget", forget.flow_forget, name="flow_forget"),
    path("flows/<id:flow>/layouts/forget", forget.layouts_forget, name="layouts_forget"),
    path("flows/<id:flow>/window", flows.flow_window, name="flow_window"),
    path("flows/<id:flow>/unseen", flows.flow_unseen, name="flow_unseen"),
    path("flows/<id:flow>/e-invoice", flows.flow_e_invoice, name="flow_e_invoice"),
    path("flows/<id:flow>/rows/", mapping.flow_rows, name="flow_rows"),
    path("flows/<id:flow>/rows/change", mapping.flow_rows_change, name="flow_rows_change"),
    path("flows/<id:flow>/progress", flows.flow_progress, name="flow_progress"),
    path("connections/", connections.connections, name="connections"),
    path("connections/<id:connector>/connect", oauth.connect, name="connect"),
    path("connections/<id:connector>/company", company.company, name="company"),
    path(
        "connections/<id:connector>/company/cancel", company.company_cancel, name="company_cancel"
    ),
    path("connections/<id:connector>/by-mail", by_mail.connect_by_mail, name="connect_by_mail"),
    path("connections/<id:connection>/disconnect", connections.disconnect, name="disconnect"),
    path("connections/<id:connection>/mail", mail_route.mail_route, name="mail_route"),
    path("connections/<id:connection>/mail/sign-in", mailbox.sign_in, name="mailbox_sign_in"),
    path("connections/<id:connection>/mail/domain", sender.sender_domain, name="sender_domain"),
    path("connections/<id:connection>/mail/test", mail_route.mail_test, name="mail_test"),
    path("connections/<id:connection>/mail/arrived", mail_route.mail_arrived, name="mail_arrived"),
    path("status/", status.status, name="status"),
    path("status/live", status.status_live, name="status_live"),
    path("notices/", general.notices, name="notices"),
    path("help/", general.keys_help, name="help"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", general.home, name="home"),
    path("look", general.look, name="look"),
    path("healthz", general.healthz, name="healthz"),
    path("signin/<str:token>/", general.signin, name="signin"),
    path("accounts/", include("allauth.urls")),
    path("connect/mailbox/<id:mailbox>/callback", mailbox.callback, name="mailbox_callback"),
    path("connect/<id:connector>/callback", oauth.callback, name="oauth_callback"),
    path("hooks/<id:connector>", hooks.hook, name="hook"),
    path("hooks/<id:connector>/<id:connection>", hooks.hook, name="hook_of"),
    path("w/<uuid:workspace>/", include(_WORKSPACE)),
]

handler403 = general.forbidden
handler404 = general.not_found
handler500 = general.broken
