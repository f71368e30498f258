"""The video service: takes a film with a ticket from the account's server and works on it in stages."""

from __future__ import annotations

from typing import Any

from sandbox.bluesky.errors import Refused, invalid
from sandbox.bluesky.world import Job, World
from sandbox.http import Request

STAGES = ("JOB_STATE_CREATED", "JOB_STATE_ENCODING", "JOB_STATE_SCANNING", "JOB_STATE_UPLOADING")
TICKET_LIVES = 1_800.0  # seconds, at most


def ticket(world: World, did: str, params: dict[str, str]) -> dict[str, Any]:
    lives = float(params.get("exp", world.now() + 60)) - world.now()
    if not 0 < lives <= TICKET_LIVES:
        raise Refused("BadExpiration", "expiration is not within the allowed time")
    if params.get("lxm") != "com.atproto.repo.uploadBlob" or not params.get("aud", "").startswith("did:web:"):
        raise invalid("The video service wants a ticket for uploadBlob at our server")
    return {"token": world.new_token(world.accounts[did], "service", lives)}


def upload(world: World, request: Request) -> dict[str, Any]:
    account = world.account_of(request.headers.get("authorization", "").removeprefix("Bearer "), "service")
    if request.params.get("did") != account.did or request.headers.get("content-type") != "video/mp4":
        raise invalid("did and Content-Type: video/mp4 are needed")
    blob = world.keep_blob(request.body, "video/mp4")
    name = f"job-{blob.cid[-12:]}"
    if name in world.jobs:
        raise Refused("already_exists", "Video already processed", 409, **status(world, world.jobs[name]))
    world.jobs[name] = Job(name, account.did, blob)
    return status(world, world.jobs[name])


def look(world: World, job_id: str) -> dict[str, Any]:
    if job_id not in world.jobs:
        raise invalid("Job not found")
    job = world.jobs[job_id]
    job.looks += 1
    return {"jobStatus": status(world, job)}


def status(world: World, job: Job) -> dict[str, Any]:
    facts = {"jobId": job.id, "did": job.did}
    if job.looks < world.limits.video_looks:
        return facts | {"state": STAGES[min(job.looks, len(STAGES) - 1)], "progress": 25 * min(job.looks, 3)}
    if world.limits.video_fails:
        return facts | {"state": "JOB_STATE_FAILED", "failureCode": "encoding_failure", "error": "Encoding failed"}
    return facts | {"state": "JOB_STATE_COMPLETED", "blob": job.blob.shown()}
