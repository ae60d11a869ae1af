"""Where the pages of people and rights are."""

from django.urls import path

from server.staff.people import accounts, departments, roles

urlpatterns = [
    path("people/", accounts.people, name="people"),
    path("people/new/", accounts.create, name="person_create"),
    path("people/roles/", roles.roles, name="roles"),
    path("people/departments/new/", departments.create, name="department_create"),
    path("people/departments/<int:pk>/", departments.department, name="department"),
    path("people/departments/<int:pk>/<slug:act>/", departments.act, name="department_act"),
    path("people/<int:pk>/", accounts.person, name="person"),
    path("people/<int:pk>/<slug:act>/", accounts.act, name="person_act"),
]
