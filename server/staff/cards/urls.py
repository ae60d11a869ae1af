"""Where the pages of cards that are written by hand are: below `library/cards/`."""

from django.urls import path

from server.staff.cards import drawing, pages

urlpatterns = [
    path("new/", pages.card_choose, name="card_choose"),
    path("new/<slug:template>/", pages.card_create, name="card_create"),
    path("pictures/", pages.card_pictures, name="card_pictures"),
    path("drawn/<slug:template>/", drawing.card_drawn, name="card_drawn"),
    path("<int:pk>/", pages.card_edit, name="card_edit"),
]
