"""What follows a post by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from ausrufer.public import tasks
from tests.public.conftest import OwnPages, published


def waiting(task: str = "archive") -> int:
    return ProcrastinateJob.objects.filter(task_name=f"ausrufer.public.tasks.{task}", status="todo").count()


@pytest.mark.django_db(transaction=True)
def test_posts_that_come_together_are_filed_in_their_month_together(pages: OwnPages) -> None:
    for number in range(3):
        published(f"Meldung {number}. Noch eine.")
        tasks.rerender()
    assert waiting() == 1


@pytest.fixture
def nothing_planned(db: None) -> None:
    """Other stories leave jobs behind when they commit."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.usefixtures("nothing_planned")
def test_copies_that_are_seen_within_a_second_are_named_by_one_job() -> None:
    for _ in range(11):
        tasks.rerender_soon()
    assert waiting("rerender") == 1


@pytest.mark.usefixtures("nothing_planned")
def test_a_job_that_is_about_to_begin_or_was_planned_by_another_clock_is_not_relied_on() -> None:
    for milliseconds in (100, 3_600_000):
        tasks.rerender.configure(schedule_in={"milliseconds": milliseconds}).defer()
    tasks.rerender_soon()
    assert waiting("rerender") == 3
