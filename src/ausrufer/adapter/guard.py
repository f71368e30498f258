"""Connections that refuse private addresses and keep a deadline over the whole conversation."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore

_call = threading.local()


class PrivateAddress(httpcore.ConnectError):
    """The name leads into the own network."""


def start_deadline(seconds: float) -> None:
    """From here on this thread's connections read and write for `seconds` in all, however slowly bytes drip."""
    _call.ends = time.monotonic() + seconds


def remaining(timeout: float | None, error: type[Exception]) -> float:
    left: float = getattr(_call, "ends", time.monotonic() + 30.0) - time.monotonic()
    if left <= 0:
        raise error("the whole conversation took too long")
    return left if timeout is None else min(left, timeout)


class GuardedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self.stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, remaining(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, remaining(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return GuardedStream(self.stream.start_tls(*args, **kwargs))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to the very address it checked."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = frozenset(allowed)  # "host:port"
        self.backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self.checked_address(host, port)
        left = remaining(timeout, httpcore.ConnectTimeout)
        return GuardedStream(self.backend.connect_tcp(address, port, left, local_address, socket_options))

    def checked_address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        except UnicodeError as error:  # e.g. two dots in a row
            raise httpcore.LocalProtocolError(f"{host}: {error}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if f"{host}:{port}" not in self.allowed and not all(ipaddress.ip_address(a).is_global for a in addresses):
            raise PrivateAddress(f"{host}:{port} leads to {', '.join(addresses)}")
        return addresses[0]
