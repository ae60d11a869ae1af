"""Where the reports are."""

from django.urls import path

from server.staff.reports import audit, coverage, ledger, plays, public_notices, uptime

urlpatterns = [
    path("reports/", plays.reports, name="reports"),
    path("reports/plays.<slug:form>", plays.sheet, name="plays_sheet"),
    path("reports/uptime/", uptime.uptime, name="uptime"),
    path("reports/uptime.<slug:form>", uptime.sheet, name="uptime_sheet"),
    path("reports/coverage/", coverage.campaign, name="coverage"),
    path("reports/coverage.<slug:form>", coverage.sheet, name="coverage_sheet"),
    path("reports/public-notices/", public_notices.public_notices, name="public_notices"),
    path("reports/public-notices.<slug:form>", public_notices.sheet, name="public_notices_sheet"),
    path("reports/ledger/", ledger.ledger, name="ledger"),
    path("reports/ledger.pdf", ledger.paper, name="ledger_paper"),
    path("reports/ledger.<slug:form>", ledger.sheet, name="ledger_sheet"),
    path("audit/", audit.audit, name="audit"),
    path("audit/rows.<slug:form>", audit.sheet, name="audit_sheet"),
]
