"""Where the pages about alerts of authorities are, below /cap/."""

from django.urls import path

from server.staff.cap import alerts, sources

urlpatterns = [
    path("", alerts.listed, name="cap"),
    path("new/", sources.create, name="cap_source_create"),
    path("<int:pk>/", sources.source, name="cap_source"),
    path("<int:pk>/places/", sources.places, name="cap_places"),
    path("<int:pk>/close/", sources.close, name="cap_close"),
    path("alerts/<int:pk>/", alerts.alert, name="cap_alert"),
    path("alerts/<int:pk>/show/", alerts.show, name="cap_show"),
    path("alerts/<int:pk>/decline/", alerts.decline, name="cap_decline"),
]
