"""What follows a post by itself."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ausrufer.public import tasks
from tests.public.conftest import OwnPages, published


def waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name="ausrufer.public.tasks.archive", status="todo").count()


@pytest.mark.django_db(transaction=True)
def test_posts_that_come_together_are_filed_in_their_month_together(pages: OwnPages) -> None:
    for number in range(3):
        published(f"Meldung {number}. Noch eine.")
        tasks.rerender()
    assert waiting() == 1
