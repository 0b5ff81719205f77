"""Addresses of the pages.

Invariant: everything of a workspace is below /w/<workspace>/ and goes through `guard.seated`; the
redirect address of a connector is exactly /connect/<connector>/callback. No logic here.
"""

from django.urls import URLPattern, URLResolver, include, path

from well.web.pages import connections, flows, general, lists, oauth, paper, record, review, status

_WORKSPACE: list[URLPattern | URLResolver] = [
    path("queue/", lists.queue, name="queue"),
    path("records/", lists.records, name="records"),
    path("records/<str:case>/", record.record, name="record"),
    path("records/<str:case>/page-<int:page>.webp", paper.page_image, name="page_image"),
    path("records/<str:case>/original", paper.original, name="original"),
    path("review/<str:case>/", review.review, name="review"),
    path("review/<str:case>/judge", review.judge, name="judge"),
    path("review/<str:case>/pins", review.pins, name="pins"),
    path("retry", record.retry, name="retry"),
    path("flows/", flows.flows, name="flows"),
    path("flows/new", connections.create_flow, name="create_flow"),
    path("flows/<str:flow>/", flows.flow, name="flow"),
    path("flows/<str:flow>/sync", flows.flow_sync, name="flow_sync"),
    path("flows/<str:flow>/pause", flows.flow_pause, name="flow_pause"),
    path("flows/<str:flow>/rules", flows.flow_rules, name="flow_rules"),
    path("flows/<str:flow>/window", flows.flow_window, name="flow_window"),
    path("flows/<str:flow>/mapping", flows.flow_mapping, name="flow_mapping"),
    path("flows/<str:flow>/progress", flows.flow_progress, name="flow_progress"),
    path("connections/", connections.connections, name="connections"),
    path("connections/<str:connector>/connect", oauth.connect, name="connect"),
    path("connections/<str:connection>/disconnect", connections.disconnect, name="disconnect"),
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
    path("connect/<str:connector>/callback", oauth.callback, name="oauth_callback"),
    path("w/<uuid:workspace>/", include(_WORKSPACE)),
]

handler403 = general.forbidden
handler404 = general.not_found
handler500 = general.broken
