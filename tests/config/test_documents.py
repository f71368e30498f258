"""What the documents promise of themselves."""

from __future__ import annotations

import re

from ausrufer.config.command_line import COMMANDS
from tests.system import PROJECT

GLOSSARY = (PROJECT / "docs/glossary.md").read_text()
OPERATIONS = (PROJECT / "docs/operations.md").read_text()


def test_the_glossary_has_one_row_for_an_idea() -> None:
    names = [name.strip() for row in re.findall(r"^\| ([^|]+) \|", GLOSSARY, re.M) for name in row.split(",")]
    assert len(names) > 50
    assert sorted(names) == sorted(set(names))


def test_every_command_is_told_to_who_runs_it() -> None:
    for name in COMMANDS:
        assert re.search(rf"ausrufer {name}\b", OPERATIONS), name


def test_no_command_is_written_that_nobody_can_type() -> None:
    bare = re.compile(rf"^ *ausrufer ({'|'.join(COMMANDS)})\b", re.M)
    for file in (PROJECT / "README.md", PROJECT / "docs/operations.md"):
        assert not bare.search(file.read_text()), file.name
