"""Where each address of the staff side leads."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("server.api.urls")),
    path("", include("server.staff.urls")),
]

handler400 = "server.responses.bad_request"
handler403 = "server.responses.forbidden"
handler404 = "server.responses.not_found"
handler500 = "server.responses.server_error"
