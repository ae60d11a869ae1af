"""A table as the answer to a request: a file that the browser keeps."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase

from server.reports.sheets import XLSX_MIME, Table, as_csv, as_xlsx

__all__ = ["FORMS", "answer_with"]

#: What a table can be had as.
FORMS = ("csv", "xlsx")


def answer_with(table: Table, form: str, name: str) -> HttpResponseBase:
    """Return the table as `form`; 404 for a form that there is not."""
    if form == "csv":
        lines = "".join(as_csv(table)).encode()
        answer: HttpResponseBase = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        file = as_xlsx(table)
        try:
            answer = HttpResponse(file.read_bytes(), content_type=XLSX_MIME)
        finally:
            file.unlink(missing_ok=True)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
