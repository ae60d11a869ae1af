"""Where each address of the staff side leads."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module))
    for prefix, module in (("api/v1/", "server.api.urls"), ("", "server.staff.urls"))
    if find_spec(module.rpartition(".")[0]) and find_spec(module)
]

handler400 = "server.responses.bad_request"
handler403 = "server.responses.forbidden"
handler404 = "server.responses.not_found"
handler500 = "server.responses.server_error"
