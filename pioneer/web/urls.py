"""Every address on one page, in station order."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
