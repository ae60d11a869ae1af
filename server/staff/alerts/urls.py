"""Where the pages about messages are."""

from django.urls import path

from server.staff.alerts import notices, webhooks

urlpatterns = [
    path("", notices.notices, name="notices"),
    path("read/", notices.read, name="notices_read"),
    path("choices/", notices.choices, name="notice_choices"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/<slug:act>/", webhooks.act, name="webhook_act"),
]
