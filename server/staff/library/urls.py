"""Where the pages of the library are."""

from django.urls import path

from server.staff import full_size
from server.staff.library import (
    acts,
    assets,
    browse,
    bulk,
    certificates,
    deleted,
    pages,
    pictures,
    removing,
    replacing,
    streams,
    tags,
    undoing,
    uploads,
    video,
)

urlpatterns = [
    path("library/", browse.library, name="library"),
    path("library/states/", browse.states, name="asset_states"),
    path("library/bulk/", bulk.bulk, name="assets_bulk"),
    path("library/undo/", undoing.undo, name="library_undo"),
    path("library/remove/", removing.assets_remove, name="assets_remove"),
    path("library/tags/", tags.tags, name="tags"),
    path("library/streams/new/", streams.stream_create, name="stream_create"),
    path("library/bin/", deleted.deleted, name="bin"),
    path("library/bin/<int:pk>/back/", deleted.undelete, name="asset_undelete"),
    path("library/<int:pk>/", assets.asset, name="asset"),
    path("library/<int:pk>/state/", assets.asset_state, name="asset_state"),
    path("library/<int:pk>/pages/", pages.pages, name="asset_pages"),
    path("library/<int:pk>/preview/", full_size.asset_preview, name="asset_preview"),
    path("library/<int:pk>/strip/", pictures.strip, name="asset_strip"),
    path("library/<int:pk>/video/", video.video, name="asset_video"),
    path("library/<int:pk>/replace/", replacing.replace, name="asset_replace"),
    path("library/<int:pk>/certificate/", certificates.certificate, name="certificate"),
    path("library/<int:pk>/end-notice/", acts.asset_end_notice, name="asset_end_notice"),
    path("library/<int:pk>/<slug:act>/", acts.asset_act, name="asset_act"),
    path("library/<int:pk>/pages/<int:page>", pictures.thumbnail, name="thumbnail"),
    path("library/<int:pk>/full/<int:page>/", full_size.full_size, name="full_size"),
    path("uploads/", uploads.begin, name="uploads"),
    path("uploads/<uuid:pk>/", uploads.one, name="upload"),
    path("uploads/<uuid:pk>/finish/", uploads.finish, name="upload_finish"),
    path("uploads/<uuid:pk>/forget/", uploads.forget, name="upload_forget"),
]
