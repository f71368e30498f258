"""`ausrufer concept` and what `ausrufer post` says while there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ausrufer.config.commands.post import WrongInput, topic
from tests.config.test_run import ausrufer


def test_the_example_is_printed_before_anything_runs(tmp_path: Path) -> None:
    done = ausrufer("concept", "--example", AUSRUFER_DATA=str(tmp_path))
    assert done.returncode == 0
    assert yaml.safe_load(done.stdout)["organisation"]["name"] == "Stadt Musterstadt"


@pytest.mark.django_db
def test_without_a_concept_the_post_says_what_is_missing() -> None:
    with pytest.raises(WrongInput, match=r"kein Konzept geladen.*ausrufer concept --example"):
        topic("roadworks")
