"""What does a server answer? Answer, over a Line that keeps manners.

Nobody is sent on to another address: whoever answers by a redirect is refused, so that a token
never reaches a host that it is not for.
"""

from __future__ import annotations

import email.utils
import json
import random
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from kompetanse_adapters.calling.guarded import Clock, Guarded
from kompetanse_adapters.calling.manners import GOOD, Manners
from kompetanse_adapters.reading import Node, read_json
from kompetanse_core import KompetanseError, Place, SourceUnavailable

if TYPE_CHECKING:
    import httpx2

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers after which it is worth asking again."""

_CHUNK = 64 * 1024
_JSON = ("application/json", "application/scim+json")


@frozen(kw_only=True)
class Answer:
    """Svar: what a server said: status, headers in lower case, and an object of JSON."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Node = field(repr=False)

    @property
    def sound(self) -> bool:
        """Say whether the server did what it was asked for."""
        return 200 <= self.status < 300


@frozen(kw_only=True)
class Line:
    """Linje: asks one server, until the deadline."""

    address: str = field(repr=False)
    token: str = field(repr=False)
    manners: Manners
    clock: Clock = field(repr=False)
    transport: httpx2.HTTPTransport = field(repr=False)

    def ask(
        self, method: str, path: str, *, body: object = None, name: str, accept: str = _JSON[0]
    ) -> Answer:
        """Ask what may be asked again: a server that is busy or silent is asked a few times.

        `name` is what errors call the answer. An answer that the server understood and refused is
        given as it is; see `Answer.sound`.

        Raises:
            SourceUnavailable: E701 (gave up), E703 (no JSON, or too much of it), E704 (an address
                or certificate that is not allowed), E706 (the token is not accepted).
        """
        last = ""
        for number in range(self.manners.tries):
            told = self._once(method, path, body, name, accept)
            if isinstance(told, Answer):
                return told
            last, wait = told
            if number + 1 < self.manners.tries:
                self._wait(self.manners.first_wait * 2**number, wait, name)
        text = f"the source gave up after {self.manners.tries} tries: {last}"
        raise SourceUnavailable("E701", text, place=Place(file=name))

    def tell(self, method: str, path: str, *, body: object, name: str) -> Answer:
        """Say what must not be said twice: once, whatever becomes of it.

        Raises:
            SourceUnavailable: as `ask`; E701 leaves open whether it was done.
        """
        told = self._once(method, path, body, name, _JSON[0])
        if isinstance(told, Answer):
            return told
        text = f"the server gave no sound answer, and may have done it or not: {told[0]}"
        raise SourceUnavailable("E701", text, place=Place(file=name))

    def _once(
        self, method: str, path: str, body: object, name: str, accept: str
    ) -> Answer | tuple[str, float]:
        """Give the answer; or what went wrong, and the seconds that the server asks to wait."""
        import httpx2

        request = self._request(method, path, body, accept)
        try:
            response = self.transport.handle_request(request)
            try:
                if response.status_code in BUSY:
                    return f"it answered {response.status_code}", _wait_asked(response.headers)
                content = _unpacked(response, self.manners.most_bytes, name)
            finally:
                response.close()
        except httpx2.TimeoutException:
            self.clock.left()
            return "it was silent", 0.0
        except httpx2.TransportError as error:
            if _is_about_trust(error):
                text = "the server does not prove to be the one that was meant"
                hint = "name a file of certificates as `authorities`, if it is another authority's"
                raise SourceUnavailable("E704", text, place=Place(file=name), hint=hint) from None
            return "the connection broke", 0.0
        return _answer(response.status_code, response.headers, content, name)

    def _request(self, method: str, path: str, body: object, accept: str) -> httpx2.Request:
        import httpx2

        told = None if body is None else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "User-Agent": "kompetanse",
        }
        if told is not None:
            headers["Content-Type"] = accept
        return httpx2.Request(method, self.address + path, headers=headers, content=told)

    def _wait(self, own: float, asked: float, name: str) -> None:
        """Wait before the next try, unless the server asks for more than is decent.

        Raises:
            SourceUnavailable: E701.
        """
        if asked > min(self.manners.longest_wait, self.clock.left()):
            text = f"the source asks to wait {asked:.0f} seconds"
            raise SourceUnavailable("E701", text, place=Place(file=name), hint="try again then")
        wait = max(asked, random.uniform(own / 2, own))
        time.sleep(min(wait, self.manners.longest_wait, self.clock.left()))


@contextmanager
def calling(address: str, token: str, manners: Manners = GOOD) -> Iterator[Line]:
    """Open a line to the server at an address such as `https://hr.example.org`, for one reading.

    Raises:
        SourceUnavailable: E704, if the address is not one of a host with TLS, or a near one;
            E906, if the extra `network` is not installed.
    """
    if find_spec("httpx2") is None:
        raise SourceUnavailable("E906", "servers are asked by the extra kompetanse[network]")
    import httpcore2
    import httpx2

    _refuse_address(address, manners.near)
    clock = Clock(time.monotonic() + manners.seconds)
    trust = ssl.create_default_context(cafile=manners.authorities)
    guarded = Guarded(clock, manners.near)
    with httpx2.HTTPTransport(verify=trust, trust_env=False) as transport:
        pool = httpcore2.ConnectionPool(ssl_context=trust, network_backend=guarded)  # type: ignore[arg-type]  # it is one by shape
        transport._pool = pool  # noqa: SLF001 - httpx2 has no other door to how it connects
        yield Line(
            address=address.rstrip("/"),
            token=token,
            manners=manners,
            clock=clock,
            transport=transport,
        )


def _refuse_address(address: str, near: tuple[str, ...]) -> None:
    """Refuse what is not the address of a host, before anybody is asked."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SourceUnavailable("E704", "this is not the address of a server") from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise SourceUnavailable("E704", "this is not the address of a server")
    if parts.username is not None or parts.password is not None:
        hint = "give the token by itself"
        raise SourceUnavailable("E704", "a secret stands in the address", hint=hint)
    if parts.scheme == "http" and host not in near:
        hint = "use https; only a host named as near may do without"
        raise SourceUnavailable("E704", "the address is not protected by TLS", hint=hint)


# --- what came back ---------------------------------------------------------------------------


def _unpacked(response: httpx2.Response, most: int, name: str) -> bytes:
    """Read an answer as far as it is allowed to reach, unpacked.

    Raises:
        SourceUnavailable: E703.
    """
    packed = response.headers.get("content-encoding", "identity").lower()
    if packed not in ("identity", "gzip"):
        raise _else("the answer is packed in a way that nobody asked for", name)
    unpack = zlib.decompressobj(wbits=31) if packed == "gzip" else None
    parts, size = [], 0
    for raw in response.iter_raw(_CHUNK):
        for part in _parts(raw, unpack):
            size += len(part)
            if size > most:
                raise _else(f"the answer is larger than {most} bytes", name)
            parts.append(part)
    if unpack is not None and not unpack.eof:
        raise _else("the answer ends too early", name)
    return b"".join(parts)


def _parts(raw: bytes, unpack: zlib._Decompress | None) -> Iterator[bytes]:
    """Unpack a little at a time: a small answer may unpack to an endless one (F20)."""
    if unpack is None:
        yield raw
        return
    try:
        while raw and not unpack.eof:
            yield unpack.decompress(raw, _CHUNK)
            raw = unpack.unconsumed_tail
    except zlib.error:
        raise SourceUnavailable("E703", "the answer is not packed as it says") from None


def _answer(status: int, headers: httpx2.Headers, content: bytes, name: str) -> Answer:
    """Take an answer for what it is, or refuse it.

    Raises:
        SourceUnavailable: E703, E704 or E706.
    """
    if 300 <= status < 400 and status != 304:
        text = "the source sends us to another address"
        hint = "give the address that it leads to, if you trust it"
        raise SourceUnavailable("E704", text, place=Place(file=name), hint=hint)
    if status in (401, 403):
        text = "the source does not accept the token, or it may not read this"
        raise SourceUnavailable("E706", text, place=Place(file=name))
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and kind not in _JSON:
        raise _else("the source answered with something that is not JSON", name)
    return Answer(status=status, headers=dict(headers), body=_body(content, name))


def _body(content: bytes, name: str) -> Node:
    if not content:
        return Node(value={}, place=Place(file=name))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise _else("the source answered in another encoding than UTF-8", name) from None
    read = read_json(content, file=name)
    if read.root is None:
        raise _else(f"the source answered with broken JSON ({read.findings[0].code})", name)
    return read.root


def _else(text: str, name: str) -> KompetanseError:
    return SourceUnavailable("E703", text, place=Place(file=name))


def _wait_asked(headers: httpx2.Headers) -> float:
    """Read Retry-After, in seconds or as a date; nought where nothing sensible stands."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        when = email.utils.parsedate_to_datetime(told)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _is_about_trust(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
