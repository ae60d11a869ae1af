"""Where the overview and its parts are."""

from django.urls import path

from server.staff.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("waiting/", views.waiting, name="waiting"),
    path("overview/wall/", views.wall, name="overview_wall"),
    path("overview/state/", views.state, name="overview_state"),
    path("overview/screens/<int:pk>/", views.peek, name="overview_peek"),
    path("wallboard/", views.wallboard, name="wallboard"),
]
