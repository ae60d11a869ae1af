"""Where each page of the staff side is."""

from django.urls import include, path

from server.staff import (
    drafts,
    publishing,
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
from server.staff.portal.urls import codes
from server.staff.portal.urls import opened as portal
from server.staff.portal.urls import urlpatterns as portal_links
from server.staff.preview.urls import urlpatterns as preview
from server.staff.reports.urls import urlpatterns as reports
from server.staff.reviews import rules
from server.staff.screens import pairing
from server.staff.undo.ways import way_back

app_name = "staff"

urlpatterns = [
    *overview,
    *account,
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("undo/<int:number>/", way_back, name="way_back"),
    path("together/", together.together, name="together"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("library/cards/", include("server.staff.cards.urls")),
    *library,
    path("playlists/", include([*playlists, *portal_links])),
    path("on/", include(portal)),
    path("q/", include(codes)),
    path("data/", include("server.staff.data.urls")),
    *preview,
    *layouts,
    path("schedule/", include("server.staff.schedule.urls")),
    path("emergency/", include("server.staff.emergency.urls")),
    path("cap/", include("server.staff.cap.urls")),
    path("schedule/takeovers/new/", takeovers.start, name="takeover_start"),
    path("schedule/takeovers/<int:pk>/end/", takeovers.end, name="takeover_end"),
    path("reviews/", include("server.staff.reviews.urls")),
    path("publish/", publishing.publish, name="publish"),
    path("publish/<int:pk>/undo/", publishing.undo, name="undo"),
    path("pair", pairing.pair, name="pair"),
    path("people/review-rules/", rules.review_rules, name="review_rules"),
    path("people/review-rules/<int:pk>/clear/", rules.clear, name="review_rule_clear"),
    *people,
    *reports,
    path("screens/", include("server.staff.screens.urls")),
    path("alerts/", include("server.staff.alerts.urls")),
]
