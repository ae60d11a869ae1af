"""Where each page of the staff side is."""

from django.urls import include, path

from server.staff import (
    drafts,
    enrolment,
    pairing,
    publishing,
    screens,
    styleguide,
    takeovers,
    together,
    tokens,
)
from server.staff.account.urls import urlpatterns as account
from server.staff.layouts.urls import urlpatterns as layouts
from server.staff.library.urls import urlpatterns as library
from server.staff.overview.urls import urlpatterns as overview
from server.staff.people.urls import urlpatterns as people
from server.staff.playlists.urls import urlpatterns as playlists
from server.staff.preview.urls import urlpatterns as preview
from server.staff.reports.urls import urlpatterns as reports
from server.staff.reviews import rules
from server.staff.schedule import day

app_name = "staff"

urlpatterns = [
    *overview,
    *account,
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("together/", together.together, name="together"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    *library,
    path("playlists/", include(playlists)),
    *preview,
    *layouts,
    path("schedule/", include("server.staff.schedule.urls")),
    path("emergency/", include("server.staff.emergency.urls")),
    path("schedule/takeovers/new/", takeovers.start, name="takeover_start"),
    path("schedule/takeovers/<int:pk>/end/", takeovers.end, name="takeover_end"),
    path("reviews/", include("server.staff.reviews.urls")),
    path("publish/", publishing.publish, name="publish"),
    path("publish/<int:pk>/undo/", publishing.undo, name="undo"),
    path("pair", pairing.pair, name="pair"),
    path("screens/", screens.screens, name="screens"),
    path("screens/new/", screens.create, name="screen_create"),
    path("screens/sites/new/", screens.site_create, name="site_create"),
    path("screens/groups/new/", screens.group_create, name="group_create"),
    path("screens/groups/<int:pk>/", screens.group, name="group"),
    path("screens/groups/<int:pk>/delete/", screens.group_delete, name="group_delete"),
    path("screens/keys/", enrolment.keys, name="keys"),
    path("screens/keys/<int:pk>/revoke/", enrolment.revoke, name="key_revoke"),
    path("screens/<int:pk>/", screens.screen, name="screen"),
    path("screens/<int:pk>/picture/<int:shot>", screens.picture, name="screen_picture"),
    path("screens/<int:pk>/day/", day.day, name="day"),
    path("screens/<int:pk>/day/at/", day.day_at, name="day_at"),
    path("screens/<int:pk>/claim/", screens.claim, name="screen_claim"),
    path("screens/<int:pk>/<slug:act>/", screens.act, name="screen_act"),
    path("people/review-rules/", rules.review_rules, name="review_rules"),
    path("people/review-rules/<int:pk>/clear/", rules.clear, name="review_rule_clear"),
    *people,
    *reports,
    path("alerts/", include("server.staff.alerts.urls")),
]
