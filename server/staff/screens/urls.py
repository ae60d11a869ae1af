"""Where the pages about screens are."""

from django.urls import path

from server.staff.schedule import day
from server.staff.screens import (
    bulk,
    commands,
    enrolment,
    groups,
    hours,
    listing,
    one,
    plans,
    wall,
)

urlpatterns = [
    path("", listing.screens, name="screens"),
    path("many/", bulk.many, name="screens_many"),
    path("batches/<uuid:batch>/", bulk.batch, name="command_batch"),
    path("short-name/", one.short_name, name="short_name"),
    path("new/", one.create, name="screen_create"),
    path("sites/new/", groups.site_create, name="site_create"),
    path("groups/new/", groups.group_create, name="group_create"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/delete/", groups.group_delete, name="group_delete"),
    path("hours/", hours.hours_list, name="hours_list"),
    path("hours/<slug:kind>/<int:pk>/", hours.hours, name="hours"),
    path("plans/new/", plans.plan_create_view, name="plan_create"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/picture", plans.plan_picture, name="plan_picture"),
    path("plans/<int:pk>/pin/", plans.pin, name="plan_pin"),
    path("plans/<int:pk>/delete/", plans.plan_delete_view, name="plan_delete"),
    path("keys/", enrolment.keys, name="keys"),
    path("keys/<int:pk>/revoke/", enrolment.revoke, name="key_revoke"),
    path("<int:pk>/", one.screen, name="screen"),
    path("<int:pk>/picture/<int:shot>", one.picture, name="screen_picture"),
    path("<int:pk>/day/", day.day, name="day"),
    path("<int:pk>/day/at/", day.day_at, name="day_at"),
    path("<int:pk>/wall/", wall.wall, name="screen_wall"),
    path("<int:pk>/claim/", one.claim, name="screen_claim"),
    path("<int:pk>/live/", commands.commands, name="screen_live"),
    path("<int:pk>/command/", commands.command, name="screen_command"),
    path("<int:pk>/command/<int:command>/cancel/", commands.cancel, name="command_cancel"),
    path("<int:pk>/<slug:act>/", one.act, name="screen_act"),
]
