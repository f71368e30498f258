"""Posts for a chosen time, with two thousand others waiting: how late each starts."""

from __future__ import annotations

from bench.city import City
from bench.figures import median, ms, quantile, row
from tests.system import until

WAITING = 2000
DUE = 60
APART = 0.4  # seconds between two due times; closer together they would wait for each other, not for the clock
PLANNED = """
import datetime
from ausrufer.channels.models import Channel
from ausrufer.deliveries.models import Delivery, Release
from ausrufer.deliveries.wake import wake_dispatcher
from ausrufer.kernel.database_clock import database_now
from ausrufer.people.models import User
from ausrufer.posts.models import Approval, FrozenRendition, Post, Topic
from ausrufer.posts.render import as_body, renditions

now, amira, website = database_now(), User.objects.get(username="amira"), Channel.objects.get(key="website")
topic = Topic.objects.get(key="events")
due = [now + datetime.timedelta(days=1)] * {waiting}
due += [now + datetime.timedelta(seconds=5 + number * {apart}) for number in range({due})]
posts = Post.objects.bulk_create(
    Post(text=f"Fällig {{n}}.", topic=topic, author=amira, created_at=now, changed_at=now) for n in range(len(due)))
approvals = Approval.objects.bulk_create(Approval(post=each, revision=1, by=amira, at=now) for each in posts)
body = as_body(renditions(posts[0])[0].wanted)
FrozenRendition.objects.bulk_create(
    FrozenRendition(approval=each, channel=website, rank=0, body=body) for each in approvals)
releases = Release.objects.bulk_create(
    Release(post=each.post, approval=each, by=amira, clicked_at=now, released_at=now, due_at=at)
    for each, at in zip(approvals, due))
Delivery.objects.bulk_create(Delivery(release=each, channel=website, due_at=each.due_at) for each in releases)
wake_dispatcher()
"""


def measure(city: City) -> list[str]:
    city.system.python(PLANNED.format(waiting=WAITING, due=DUE, apart=APART))
    sql = "SELECT count(*) FROM deliveries_delivery WHERE due_at < now() + interval '1 hour' AND seen_at IS NOT NULL"
    until(lambda: city.rows(sql)[0][0] >= DUE, within=60, every=0.5, what="all due posts online")
    sql = "SELECT extract(epoch FROM started_at - due_at)::float FROM deliveries_delivery WHERE started_at >= due_at"
    late = [row[0] for row in city.rows(sql)]
    p99 = quantile(late, 0.99)
    name, against = f"start after the due time, {WAITING} waiting", f"p99 {ms(p99)}, largest {ms(max(late))}"
    return [row(name, ms(median(late)), against, "p99 ≤ 10 ms", kept=p99 <= 0.010, p95=ms(quantile(late, 0.95)))]
