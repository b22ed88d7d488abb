"""The settings file: what it makes when it is read for the first time."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_new_folder_of_data_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    environment = {**os.environ, "PIONEER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "pioneer.settings"}
    subprocess.run([sys.executable, "-c", "import pioneer.settings"], env=environment, check=True)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir() if file.is_file())
