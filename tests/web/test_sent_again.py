"""同一张表单，网站中断以后再交一次 In an interpreter of its own: processes are split off there, which SQLite bears only
where no thread of the parent has the database open. See killed_midway.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import FOLDER
from tests.world import ROOT

OWN = {FOLDER, "DATABASE_URL", "PIONEER_DATA"}  # of this run, not of that one


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["not campaign", pytest.param("campaign", marks=pytest.mark.campaign)])
def test_a_form_of_a_killed_site_has_the_effect_of_one_when_it_is_sent_again(
    which: str, pytestconfig: pytest.Config
) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", which]
    command += ["--postgresql"] if pytestconfig.getoption("--postgresql") else []
    own = {name: value for name, value in os.environ.items() if name not in OWN and not name.startswith("PYTEST_")}
    file = str(Path(__file__).with_name("killed_midway.py"))
    ran = subprocess.run([*command, file], cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and " passed" in ran.stdout, ran.stdout + ran.stderr
