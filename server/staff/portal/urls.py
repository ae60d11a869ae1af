"""Where the open pages are, below /on/ and /q/, and the page of a playlist's addresses."""

from django.urls import path

from server.staff.portal import links, pages, scanned

opened = [
    path("<slug:key>/", pages.page, name="portal"),
    path("<slug:key>/slides/", pages.slides, name="portal_slides"),
    path("<slug:key>/feed.atom", pages.atom_feed, name="portal_atom"),
    path("<slug:key>/feed.json", pages.json_feed, name="portal_json"),
    path("<slug:key>/files/<slug:sha256>", pages.file, name="portal_file"),
]
codes = [
    path(
        "<int:card>/<str:site>/<str:screen>/<slug:period>/<slug:code>",
        scanned.scanned,
        name="scanned",
    ),
    path(
        "<int:card>/<str:site>/<str:screen>/<slug:period>/<slug:code>/files/<slug:sha256>",
        scanned.scanned_file,
        name="scanned_file",
    ),
]
urlpatterns = [
    path("<int:pk>/portal/", links.links, name="portal_links"),
    path("<int:pk>/portal/<int:link>/revoke/", links.revoke, name="portal_revoke"),
]
