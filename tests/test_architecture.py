"""What import-linter cannot see: string foreign keys, names, and the shape of operations."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from pioneer.kernel.operations import REGISTRY

ROOT = Path(__file__).resolve().parent.parent
ORDER = [name.removeprefix("pioneer.") for name in settings.STATIONS]
FORBIDDEN_NAMES = {"manager", "helper", "helpers", "util", "utils", "common", "data", "info", "misc"}


def station(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith("pioneer.")]
KEYS = [
    (model, key)
    for model in OWN_MODELS
    for key in model._meta.get_fields()
    if isinstance(key, models.ForeignKey) and key.model is model
]


@pytest.mark.parametrize(("model", "key"), KEYS, ids=lambda v: getattr(v, "name", getattr(v, "__name__", "")))
def test_a_foreign_key_points_to_the_same_or_an_earlier_station(
    model: type[models.Model], key: models.ForeignKey
) -> None:
    target = key.related_model
    assert isinstance(target, type) and target.__module__.startswith("pioneer.")
    assert ORDER.index(station(target)) <= ORDER.index(station(model))


@pytest.mark.parametrize(("model", "key"), KEYS, ids=lambda v: getattr(v, "name", getattr(v, "__name__", "")))
def test_a_foreign_key_protects_and_stays_invisible_across_stations(
    model: type[models.Model], key: models.ForeignKey
) -> None:
    assert key.remote_field.on_delete is models.PROTECT
    assert isinstance(key.related_model, type)
    if station(key.related_model) != station(model):
        assert key.remote_field.related_name == "+"


def test_no_room_has_a_name_that_says_nothing() -> None:
    rooms = [p for p in (ROOT / "pioneer").rglob("*") if "__pycache__" not in p.parts]
    assert not [p for p in rooms if p.stem.lower() in FORBIDDEN_NAMES]


def test_the_station_list_is_the_order_of_the_layers() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = text.split("layers = [", 1)[1].split("]", 1)[0]
    listed = [line.strip().strip('",') for line in layers.splitlines() if line.strip()]
    stations = [name for name in listed if name in ORDER]
    assert stations == list(reversed(ORDER))


def test_every_operation_is_keyword_only_and_names_its_station() -> None:
    for file in (ROOT / "pioneer").rglob("*.py"):
        if file.parent.parent.name == "pioneer" and "@operation(" in file.read_text(encoding="utf-8"):
            importlib.import_module(f"pioneer.{file.parent.name}.{file.stem}")
    assert REGISTRY
    for name, run in REGISTRY.items():
        parameters = list(inspect.signature(run).parameters.values())
        assert parameters[0].name == "actor", name
        assert all(p.kind is p.KEYWORD_ONLY for p in parameters), name
        assert run.__module__.split(".")[1] == name.split(".")[0], name


def test_every_room_that_writes_is_named_in_the_contract() -> None:
    """A module with operations stands in the layer of `services`, so that reads and policies can never import it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layer = next(line for line in text.splitlines() if line.strip().startswith('"services :'))
    named = set(re.findall(r"\w+", layer)) | {"loading"}
    for file in (ROOT / "pioneer").glob("*/*.py"):
        if (
            file.parent.name in ORDER
            and file.parent.name != "kernel"
            and "@operation(" in file.read_text(encoding="utf-8")
        ):
            assert file.stem in named, f"{file.parent.name}/{file.name}"


def test_models_hold_tables_and_nothing_else() -> None:
    """No model saves, deletes or queries by itself; writing is the services' business."""
    for file in (ROOT / "pioneer").glob("*/models.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in {"save", "delete", "clean"}, f"{file.parent.name}: {node.name}"


def test_docstrings_of_rooms_open_with_the_chinese_term() -> None:
    for folder in (ROOT / "pioneer").iterdir():
        if not (folder / "__init__.py").exists():
            continue
        doc = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        assert doc[:1] >= "\u4e00", f"{folder.name}: {doc[:20]!r}"
