"""Where the open pages are, below /on/, and the page of a playlist's addresses."""

from django.urls import path

from server.staff.portal import links, pages

opened = [
    path("<slug:key>/", pages.page, name="portal"),
    path("<slug:key>/slides/", pages.slides, name="portal_slides"),
    path("<slug:key>/feed.atom", pages.atom_feed, name="portal_atom"),
    path("<slug:key>/feed.json", pages.json_feed, name="portal_json"),
    path("<slug:key>/files/<slug:sha256>", pages.file, name="portal_file"),
]
urlpatterns = [
    path("<int:pk>/portal/", links.links, name="portal_links"),
    path("<int:pk>/portal/<int:link>/revoke/", links.revoke, name="portal_revoke"),
]
