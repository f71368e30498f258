"""The video service: takes a film with a ticket from the account's server and works on it in stages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.bluesky.accounts import Account
from sandbox.bluesky.errors import DAILY_LIMIT, JOB_FAILURES, UNCONFIRMED, Refused, invalid
from sandbox.bluesky.quotas import bring_film, films_left
from sandbox.bluesky.world import Job, World
from sandbox.http import Request

STAGES = ("CREATED", "ENCODING", "ENCODED", "SCANNING", "SCANNED", "UPLOADING", "UPLOADED")
TICKET_LIVES = 1_800.0  # seconds, at most
MP4 = b"ftyp"  # from its fifth byte


def ticket(world: World, did: str, params: dict[str, str]) -> dict[str, Any]:
    lives = float(params.get("exp", world.now() + 60)) - world.now()
    if not 0 < lives <= TICKET_LIVES:
        raise Refused("BadExpiration", "expiration is not within the allowed time")
    if params.get("lxm") != "com.atproto.repo.uploadBlob" or params.get("aud") != server(world):
        raise invalid("The video service wants a ticket for uploadBlob at our server")
    return {"token": world.new_token(world.accounts[did], "service", lives)}


def server(world: World) -> str:
    return f"did:web:{urlsplit(world.base).netloc.replace(':', '%3A')}"


def upload_limits(world: World, said: str) -> dict[str, Any]:
    """Asked with the same ticket."""
    account = world.account_of(said, "service")
    videos, room = films_left(account, world.limits, world.now())
    facts = {"remainingDailyVideos": videos, "remainingDailyBytes": room}
    if account.is_confirmed and videos and room:
        return {"canUpload": True} | facts
    error, message, _ = DAILY_LIMIT if account.is_confirmed else UNCONFIRMED
    return {"canUpload": False, "error": error, "message": message} | facts


def upload(world: World, request: Request, said: str) -> dict[str, Any]:
    """A film that it has already is none of today's. Raises Refused."""
    account = world.account_of(said, "service")
    if request.params.get("did") != account.did or request.headers.get("content-type") != "video/mp4":
        raise invalid("did and Content-Type: video/mp4 are needed")
    if not account.is_confirmed:
        raise Refused(*UNCONFIRMED)
    blob = world.keep_blob(request.body, "video/mp4")
    name = f"job-{blob.cid[-12:]}"
    if name in world.jobs:
        raise Refused("already_exists", "Video already processed", 409, **status(world, world.jobs[name]))
    bring_film(account, len(request.body), world.limits, world.now())
    world.jobs[name] = Job(name, account.did, blob)
    return status(world, world.jobs[name])


def look(world: World, job_id: str) -> dict[str, Any]:
    if job_id not in world.jobs:
        raise invalid("Job not found")
    job = world.jobs[job_id]
    job.looks += 1
    return {"jobStatus": status(world, job)}


def status(world: World, job: Job) -> dict[str, Any]:
    facts, looks = {"jobId": job.id, "did": job.did}, world.limits.video_looks
    if job.looks < looks:
        stage = job.looks * len(STAGES) // looks
        return facts | {"state": f"JOB_STATE_{STAGES[stage]}", "progress": 100 * stage // len(STAGES)}
    if failure := failure_of(world, job, world.accounts[job.did]):
        said = {"failureCode": failure, "error": failure, "message": JOB_FAILURES[failure]}
        return facts | {"state": "JOB_STATE_FAILED"} | said
    return facts | {"state": "JOB_STATE_COMPLETED", "blob": job.blob.shown()}


def failure_of(world: World, job: Job, account: Account) -> str:
    """One of JOB_FAILURES; "" when the film is good and the account's server takes it."""
    if world.limits.video_fails:
        return world.limits.video_fails
    if job.blob.content[4:8] != MP4:
        return "validation_failure"
    if len(job.blob.content) > world.limits.largest_video:
        return "pds_upload_unsupported_blob_size"
    return "" if account.status == "active" else "pds_upload_failure"
