"""Where the pages of emergencies are, below /emergency/."""

from django.urls import path

from server.staff.emergency import boards, cards, choosing, going, past, takedowns

urlpatterns = [
    path("", choosing.emergency, name="emergency"),
    path("go/", going.go, name="emergency_go"),
    path("preview/", going.preview, name="emergency_preview"),
    path("history/", past.history, name="emergency_history"),
    path("cards/", cards.cards, name="prepared_cards"),
    path("cards/new/", cards.create, name="prepared_card_create"),
    path("cards/<int:pk>/", cards.card, name="prepared_card"),
    path("cards/<int:pk>/<slug:act>/", cards.act, name="prepared_card_act"),
    path("take-down/<int:pk>/", takedowns.take_down, name="take_down"),
    path("take-down/<int:pk>/lines/", takedowns.lines, name="take_down_lines"),
    path("take-down/<int:pk>/undo/", takedowns.undo, name="take_down_undo"),
    path("<int:pk>/", boards.board, name="emergency_board"),
    path("<int:pk>/lines/", boards.lines, name="emergency_lines"),
    path("<int:pk>/end/", boards.end, name="emergency_end"),
    path("<int:pk>/prolong/", boards.prolong, name="emergency_prolong"),
    path("<int:pk>/pictures/", boards.ask, name="emergency_ask"),
    path("<int:pk>/report/", past.report, name="emergency_report"),
    path("<int:pk>/report.pdf", past.paper, name="emergency_paper"),
]
