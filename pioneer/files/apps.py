"""附件 A wrong address of the storage is said when the program starts, not when somebody first uploads."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from pioneer.files.storage import read_address


class FilesConfig(AppConfig):
    name = "pioneer.files"

    def ready(self) -> None:
        register(check_address)


def check_address(**kwargs: Any) -> list[Error]:
    """核对存储地址"""
    try:
        if settings.FILES:
            read_address(settings.FILES)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="files.E001")]
    return []
