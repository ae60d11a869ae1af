"""The addresses under `/playlists/`."""

from django.urls import path

from server.staff.playlists import editing, listing, panel, playing, saving

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", listing.playlists, name="playlists"),
    path("<int:pk>/", editing.playlist, name="playlist"),
    path("<int:pk>/add/", listing.add, name="playlist_add"),
    path("<int:pk>/delete/", listing.delete, name="playlist_delete"),
    path("<int:pk>/save/", saving.save, name="playlist_save"),
    path("<int:pk>/state/", saving.state, name="playlist_state"),
    path("<int:pk>/library/", panel.panel, name="playlist_library"),
    path("<int:pk>/reel/", playing.reel, name="playlist_reel"),
]
