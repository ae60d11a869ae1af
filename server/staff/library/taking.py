"""Files from a browser without script: whole, in one form."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from server.accounts.models import Department
from server.accounts.policy import Act, require, require_somewhere
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset
from server.staff.refusals import sentence_of
from server.staff.requests import now, staff_of
from server.staff.rows import departments_for

__all__ = ["take_files"]


def take_files(request: HttpRequest, replaces: Asset | None = None) -> HttpResponse:
    """Take the files of a form, for a department of which the sender may; one may replace."""
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    wanted = request.POST.get("department", "")
    owner = departments_for(request, Act.UPLOAD).filter(pk=wanted if wanted.isdigit() else 0)
    department = owner.first() if replaces is None else replaces.department
    require(staff, Act.UPLOAD, department)
    files = request.FILES.getlist("files")
    if not files:
        messages.warning(request, _("Choose a file first."))
    for file in files:
        if department is not None:
            _take_one(request, file, department, replaces)
    if replaces is not None:
        return redirect("staff:asset_replace", replaces.pk)
    return redirect(f"{reverse('staff:library')}?arrived=1" if files else "staff:library")


def _take_one(
    request: HttpRequest,
    file: "UploadedFile[Any]",
    department: Department,
    replaces: Asset | None,
) -> None:
    name, staff = file.name or "", staff_of(request)
    try:
        upload = services.upload_begin(
            actor=staff, department=department, name=name, size=file.size or 0, now=now(),
            tags=request.POST.get("tags", "").replace("，", ",").split(","), replaces=replaces,
        )  # fmt: skip
        services.upload_append(
            actor=staff, upload_id=upload.pk, offset=0, chunks=file.chunks(), now=now()
        )
        twins = services.upload_twins(actor=staff, upload_id=upload.pk)
        services.upload_finish(actor=staff, upload_id=upload.pk, now=now())
    except ApplicationError as error:
        messages.error(request, f"{name}: {sentence_of(error)}")
        return
    messages.success(request, _("%(name)s: received; being made ready") % {"name": name})
    if twins:
        told = {"name": name, "title": twins[0].title}
        messages.warning(request, _("%(name)s is already here as “%(title)s”.") % told)
