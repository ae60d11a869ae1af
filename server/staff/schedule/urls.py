"""The addresses under `/schedule/`."""

from django.urls import path

from server.staff.schedule import acts, calendar, entries, foresight, listing, proposals, week

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", week.schedule, name="schedule"),
    path("list/", listing.entries, name="entries"),
    path("new/", entries.create, name="entry_create"),
    path("look/", foresight.look, name="schedule_look"),
    path("copy/", acts.copy_week, name="week_copy"),
    path("undo/<int:number>/", acts.undo, name="schedule_undo"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/take/", proposals.take, name="calendar_take"),
    path("calendar/import/", proposals.load, name="calendar_load"),
    path("calendar/apply/", proposals.apply, name="calendar_apply"),
    path("calendar/undo/", proposals.undo, name="calendar_undo"),
    path("calendar/<slug:day>/clear/", proposals.clear, name="calendar_clear"),
    path("<int:pk>/", entries.entry, name="entry"),
    path("<int:pk>/move/", acts.move, name="entry_move"),
    path("<int:pk>/copy/", acts.copy, name="entry_copy"),
    path("<int:pk>/delete/", entries.delete, name="entry_delete"),
]
