"""Where the pages of one's own account are."""

from django.urls import path

from server.staff.account import logins, own, second_factor

urlpatterns = [
    path("login/", logins.login_view, name="login"),
    path("login/second/", logins.second, name="login_second"),
    path("logout/", logins.logout_view, name="logout"),
    path("setup/", logins.setup, name="setup"),
    path("code/", logins.code_view, name="code"),
    path("language/", own.language, name="language"),
    path("account/", own.account, name="account"),
    path("account/sessions/end/", own.end, name="session_end"),
    path("account/second-factor/", second_factor.page, name="second_factor"),
    path("account/second-factor/qr.svg", second_factor.picture, name="second_factor_qr"),
    path("account/second-factor/<slug:act>/", second_factor.act, name="second_factor_act"),
]
