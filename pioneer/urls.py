"""Every address is in `web/urls.py`."""

from pioneer.web.urls import urlpatterns

__all__ = ["urlpatterns"]
