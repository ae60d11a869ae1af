"""A URLconf whose pages do what a test wants to see answered: fail, write, tell who one is."""

from django.contrib.auth import login
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from server.accounts.models import Department, Staff
from server.errors import Conflict


def who(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"name": request.user.get_username(), "in": request.user.is_authenticated})


def enter(request: HttpRequest, pk: int) -> HttpResponse:
    login(request, Staff.objects.get(pk=pk))
    return who(request)


def remember(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = request.session.get("seen", 0) + 1
    return JsonResponse({"seen": request.session["seen"]})


def write(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        Department.objects.create(name="half")
        Department.objects.create(name="whole")
    return JsonResponse({"departments": Department.objects.count()})


def read(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({})


def refuse(request: HttpRequest) -> HttpResponse:
    raise Conflict("Somebody else changed this; load it again.", details={"version": 2})


def locked(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("token=do-not-tell-anybody")


PAGES = {"who": who, "remember": remember, "write": write, "read": read, "refuse": refuse}
PAGES |= {"locked": locked, "fail": fail}

urlpatterns = [
    *(path(f"{prefix}{name}/", view) for name, view in PAGES.items() for prefix in ("", "api/v1/")),
    path("enter/<int:pk>/", enter),
]

handler400 = "server.responses.bad_request"
handler403 = "server.responses.forbidden"
handler404 = "server.responses.not_found"
handler500 = "server.responses.server_error"
