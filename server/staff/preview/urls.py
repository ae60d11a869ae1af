"""The addresses of previews."""

from django.urls import path

from server.staff.preview import moments, playing

__all__ = ["urlpatterns"]

urlpatterns = [
    path("preview/", moments.any_screen, name="preview"),
    path("preview/frame/", playing.frame, name="preview_frame"),
    path("screens/<int:pk>/at/", moments.moment, name="moment"),
    path("screens/<int:pk>/preview/", moments.screen_preview, name="screen_preview"),
    path("screens/<int:pk>/reel/", playing.screen_reel, name="screen_reel"),
]
