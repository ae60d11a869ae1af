"""Where the pages of layouts are."""

from django.urls import path

from server.staff.layouts import creating, editor, pictures, samples

urlpatterns = [
    path("layouts/", creating.layouts, name="layouts"),
    path("layouts/new/", creating.create, name="layout_create"),
    path("layouts/samples/", samples.samples, name="samples"),
    path("layouts/<int:pk>/", editor.layout, name="layout"),
    path("layouts/<int:pk>/check/", editor.check, name="layout_check"),
    path("layouts/<int:pk>/picture/", pictures.layout_picture, name="layout_picture"),
    path("layouts/<int:pk>/copy/", creating.copy, name="layout_copy"),
    path("layouts/<int:pk>/delete/", creating.delete, name="layout_delete"),
]
