"""Where the pages about data sets are."""

from django.urls import path

from server.staff.data import cards, grid, history, importing, listing, parts, places, settings

urlpatterns = [
    path("", listing.datasets, name="datasets"),
    path("collect/", parts.collect, name="datasets_collect"),
    path("<int:pk>/", grid.dataset, name="dataset"),
    path("<int:pk>/columns/", grid.columns, name="dataset_columns"),
    path("<int:pk>/import/", importing.take, name="dataset_import"),
    path("<int:pk>/versions/", history.history, name="dataset_history"),
    path("<int:pk>/versions/<int:number>/", history.version, name="dataset_version"),
    path("<int:pk>/versions/<int:number>/restore/", history.restore, name="dataset_restore"),
    path("<int:pk>/cards/<slug:template>/", cards.bind, name="dataset_card"),
    path("cards/<int:pk>/", cards.rebind, name="dataset_mapping"),
    path("<int:pk>/source/", settings.source, name="dataset_source"),
    path("<int:pk>/places/", places.places, name="dataset_places"),
    path("<int:pk>/parts/", parts.parts, name="dataset_parts"),
    path("<int:pk>/fetch/", settings.fetch, name="dataset_fetch"),
    path("<int:pk>/trust/", settings.trusted, name="dataset_trust"),
    path("<int:pk>/rename/", settings.rename, name="dataset_rename"),
    path("<int:pk>/delete/", listing.delete, name="dataset_delete"),
]
