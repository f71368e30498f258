"""Web push: what the encryption costs beside the bare key agreement, and twenty thousand subscribers at once."""

from __future__ import annotations

import asyncio
import multiprocessing
import secrets
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ausrufer.push.encryption import encoded, encrypted
from ausrufer.push.sender import Letter, Target, send
from ausrufer.push.vapid import Vapid
from bench.city import City
from bench.figures import median, row

SUBSCRIBERS = 20_000
BYTES = 600
MOST_SECONDS = 10.0
LEAST_SHARE = 0.55  # of P-256 key pairs with one agreement each, a second
CURVE = ec.SECP256R1()
ROUNDS = 1_500
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


def measure(_: City) -> list[str]:
    return [encryption(), subscribers()]


def encryption() -> str:
    """The floor is what RFC 8291 cannot do without: a key pair for this message, and one agreement with it."""
    theirs = ec.generate_private_key(CURVE).public_key()
    p256dh = encoded(theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    auth, message = encoded(secrets.token_bytes(16)), secrets.token_bytes(BYTES)
    own, agree = ec.generate_private_key(CURVE), ec.ECDH()
    floor, bare, ours = [], [], []
    for _ in range(5):  # in turns, so that a noisy moment strikes all
        floor.append(rate(lambda: ec.generate_private_key(CURVE).exchange(agree, theirs)))
        bare.append(rate(lambda: own.exchange(agree, theirs)))
        ours.append(rate(lambda: encrypted(message, p256dh, auth)))
    share, of_bare = median(ours) / median(floor), median(ours) / median(bare)
    against = (
        f"{share:.2f} of P-256 key pair + agreement ({median(floor):.0f}/s); "
        f"{of_bare:.2f} of the agreement alone ({median(bare):.0f}/s)"
    )
    name = f"push: encryptions of {BYTES} bytes"
    bar = f"≥ {LEAST_SHARE} of key pair + agreement"
    return row(name, f"{median(ours):.0f}/s", against, bar, kept=share >= LEAST_SHARE)


def rate(act: Callable[[], object]) -> float:
    """Times a second."""
    began = time.perf_counter()
    for _ in range(ROUNDS):
        act()
    return ROUNDS / (time.perf_counter() - began)


def subscribers() -> str:
    """One process encrypts and sends, another one takes; on one core they would share it."""
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    sink = multiprocessing.Process(target=serve, args=(ready,), daemon=True)
    sink.start()
    try:
        origin = f"http://127.0.0.1:{ready.get(timeout=20)}"
        targets = [target(number, origin) for number in range(SUBSCRIBERS)]
        vapid = Vapid(ec.generate_private_key(CURVE), "mailto:presse@stadt.example")
        began = time.perf_counter()
        outcome = asyncio.run(send(Letter(b"x" * BYTES, "b", 3600, True), targets, vapid, [origin]))
        spent = time.perf_counter() - began
    finally:
        sink.terminate()
    lost = SUBSCRIBERS - len(outcome.sent)
    name, against = f"push: {SUBSCRIBERS} subscribers, local sink", f"{SUBSCRIBERS / spent:.0f}/s; {lost} lost"
    kept = spent <= MOST_SECONDS and not lost
    return row(name, f"{spent:.1f} s", against, f"≤ {MOST_SECONDS:.0f} s", kept=kept)


def target(number: int, origin: str) -> Target:
    theirs = ec.generate_private_key(CURVE).public_key()
    p256dh = encoded(theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return Target(number, f"{origin}/{number}", p256dh, encoded(secrets.token_bytes(16)))


def serve(ready: multiprocessing.Queue[int]) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(CREATED)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(take, "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())
