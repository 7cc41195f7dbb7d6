"""Where may a call go, and until when? Guarded: connections to checked addresses, under one clock.

A name is resolved once for a connection, every address is checked, and the connection is made to
an address that was checked: what the name means a moment later changes nothing (FAULTS F22).
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from attrs import frozen

from kompetanse_core import SourceUnavailable

if TYPE_CHECKING:
    from httpcore2 import SOCKET_OPTION, NetworkStream

_TUNNELS = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32"))
"""Addresses that lead on to an IPv4 address that cannot be checked."""


@frozen
class Clock:
    """Tell how long there is left until the deadline."""

    until: float

    def left(self) -> float:
        """Give the seconds that are left.

        Raises:
            SourceUnavailable: E701, if there are none.
        """
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise SourceUnavailable("E701", "the source took longer than the time it was given")
        return seconds


@frozen
class Guarded:
    """Open connections as httpcore2 asks for them: only to allowed addresses, only in time."""

    clock: Clock
    near: tuple[str, ...]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            SourceUnavailable: E704, if one of its addresses is private and the host is not near.
        """
        import httpcore2

        found = addresses(host, port)
        if host not in self.near and not all(map(is_open, found)):
            text = "the address leads into a private network"
            raise SourceUnavailable("E704", text, hint="name the host as near, if it is")
        for number, address in enumerate(found, 1):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    address, port, self.clock.left(), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(found):
                    raise
            else:
                return _timed(stream, self.clock)
        raise httpcore2.ConnectError("no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Refuse: no server is asked by a file.

        Raises:
            SourceUnavailable: E704.
        """
        raise SourceUnavailable("E704", "an address names a host")

    def sleep(self, seconds: float) -> None:
        """Wait, but not past the deadline."""
        time.sleep(min(seconds, self.clock.left()))


@frozen
class _Timed:
    """Read and write as httpcore2 asks for it, never past the deadline."""

    stream: NetworkStream
    clock: Clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.clock.left())

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        safe = self.stream.start_tls(ssl_context, server_hostname, self.clock.left())
        return _timed(safe, self.clock)

    def __getattr__(self, name: str) -> object:
        """Leave all that takes no time to the stream."""
        return getattr(self.stream, name)


def _timed(stream: NetworkStream, clock: Clock) -> NetworkStream:
    timed: NetworkStream = _Timed(stream, clock)  # type: ignore[assignment]  # it is one by shape
    return timed


def addresses(host: str, port: int) -> tuple[str, ...]:
    """Resolve a name, once.

    Raises:
        SourceUnavailable: E706, if it leads nowhere.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SourceUnavailable("E706", "there is no such host") from None
    return tuple(dict.fromkeys(str(where[0]) for *_, where in found))


def is_open(address: str) -> bool:
    """Say whether an address is on the open internet, and leads nowhere else."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in tunnel for tunnel in _TUNNELS):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast
