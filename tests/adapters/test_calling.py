"""Do calls keep manners, whatever the server does?"""

import gzip
import logging
import resource
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import trustme
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.callees import LOOPBACK, NEAR, Caller, Say, answer, callee, in_turn

from kompetanse_adapters.calling import Line, Manners, Resume, calling, gather, refuse_shrunk
from kompetanse_adapters.calling.guarded import is_open
from kompetanse_adapters.reading import Node
from kompetanse_core import Place, SourceUnavailable

TOKEN = "s3cret-t0ken"
WAY = "/people/a101"


def asked(say: Say, manners: Manners = NEAR, times: int = 1) -> list[dict[str, Any]]:
    """What a server answers that answers so."""
    with callee(say) as server, calling(server.address, TOKEN, manners) as line:
        return [dict(line.ask("GET", WAY, name="people").body.value) for _ in range(times)]


def refused(say: Say, manners: Manners = NEAR) -> SourceUnavailable:
    """How an answer is refused."""
    with pytest.raises(SourceUnavailable) as found:
        asked(say, manners)
    assert TOKEN not in str(found.value)
    assert WAY not in str(found.value)
    assert LOOPBACK not in str(found.value)
    return found.value


def test_an_answer_comes_as_an_object() -> None:
    """JSON comes back, packed or not, with the token sent along and the connection kept."""

    def say(caller: Caller) -> None:
        assert caller.headers["Authorization"] == f"Bearer {TOKEN}"
        packed = gzip.compress(b'{"id": 7}')
        answer(packed, Content_Encoding="gzip")(caller)

    assert asked(say, times=2) == [{"id": 7}] * 2
    assert asked(answer({"id": 7})) == [{"id": 7}]
    assert asked(answer([1])) == [{"": [1]}]


# --- F16 to F18: cut, busy, slow --------------------------------------------------------------


def cut(caller: Caller) -> None:
    """Promise a thousand bytes and hang up after nine."""
    answer(b'{"id": 7,', Content_Length="1000")(caller)


def test_fault_f16_an_answer_cut_short_is_refused() -> None:
    """With its length told or not, packed or not, half an answer is none."""
    assert refused(cut).code == "E701"
    assert refused(answer(b'{"id": 7,')).code == "E703"
    half = gzip.compress(b'{"id": 7}')[:-4]
    assert refused(answer(half, Content_Encoding="gzip")).code == "E703"


def test_fault_f17_a_busy_server_is_asked_again() -> None:
    """After some refusals that pass, the answer comes."""
    busy = [answer(b"", status) for status in (429, 503)]
    with callee(in_turn(*busy, answer({"id": 7}))) as server:
        with calling(server.address, TOKEN, NEAR) as line:
            assert line.ask("GET", WAY, name="people").body.value == {"id": 7}
        assert len(server.asked) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_fault_f17_tries_are_counted(status: int) -> None:
    """A server that stays busy is left alone after as many tries as the manners say."""
    with callee(answer(b"", status, Retry_After="0")) as server:
        with calling(server.address, TOKEN, NEAR) as line, pytest.raises(SourceUnavailable) as out:
            line.ask("GET", WAY, name="people")
        assert len(server.asked) == NEAR.tries
    assert (out.value.code, str(status) in str(out.value)) == ("E701", True)


@pytest.mark.parametrize("told", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_fault_f17_nobody_waits_for_an_hour(told: str) -> None:
    """A server that asks for a longer wait than is decent is not asked again."""
    with callee(answer(b"", 429, Retry_After=told)) as server:
        with calling(server.address, TOKEN, NEAR) as line, pytest.raises(SourceUnavailable) as out:
            line.ask("GET", WAY, name="people")
        assert len(server.asked) == 1
    assert out.value.code == "E701"
    assert "asks to wait" in str(out.value)


def test_fault_f17_what_must_not_be_said_twice_is_said_once() -> None:
    """A change is not repeated by itself, and the error says that it may have been made."""
    with callee(answer(b"", 503)) as server:
        with calling(server.address, TOKEN, NEAR) as line, pytest.raises(SourceUnavailable) as out:
            line.tell("POST", WAY, body={}, name="people")
        assert len(server.asked) == 1
    assert "or not" in str(out.value)


def drip_body(caller: Caller) -> None:
    """Give a byte now and then, always in time for the next one."""
    caller.send_response(200)
    caller.send_header("Content-Type", "application/json")
    caller.end_headers()
    _drip(caller, b" ")


def drip_headers(caller: Caller) -> None:
    """Do the same before there is a body at all."""
    caller.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    _drip(caller, b"x")


def _drip(caller: Caller, drop: bytes) -> None:
    for _ in range(400):
        caller.wfile.write(drop)
        caller.wfile.flush()
        time.sleep(0.05)


def silence(_: Caller) -> None:
    """Say nothing."""
    time.sleep(20)


@pytest.mark.parametrize("say", [drip_body, drip_headers, silence])
def test_fault_f18_the_deadline_is_for_everything(say: Say) -> None:
    """Bytes that drip in body or headers, and silence, end at one deadline."""
    assert refused(say, evolve(NEAR, seconds=0.5)).code == "E701"


def node(number: int) -> Node:
    """A row."""
    return Node(value={"id": number}, place=Place(file="people"))


def test_pages_are_gathered_in_order() -> None:
    """Every page of every set, each set by its own cursor."""
    pages: dict[str, tuple[tuple[Node, ...], str | None]]
    pages = {"": ((node(1),), "b"), "b": ((node(2),), None)}
    found = gather({"people": pages.__getitem__, "units": lambda _: ((), None)}, most_pages=9)
    assert found == {"people": (node(1), node(2)), "units": ()}


@pytest.mark.parametrize("turn", [lambda _: ((node(1),), "b"), lambda at: ((), f"{at}b")])
def test_fault_f18_a_cursor_loop_is_seen(turn: Any) -> None:
    """A cursor that comes back, and pages that never end, are refused."""
    with pytest.raises(SourceUnavailable) as out:
        gather({"people": turn}, most_pages=50)
    assert out.value.code == "E703"


def test_fault_f17_a_reading_goes_on_from_where_it_stopped() -> None:
    """What the source gave up at is asked for again, and what came before is not."""
    asked: list[str] = []

    def turn(at: str) -> tuple[tuple[Node, ...], str | None]:
        asked.append(at)
        if at == "b" and asked.count("b") == 1:
            raise SourceUnavailable("E701", "gave up")
        return (node(len(at)),), ("b" if not at else None)

    with pytest.raises(SourceUnavailable) as out:
        gather({"people": turn}, most_pages=9)
    assert isinstance(out.value.resume, Resume)
    assert "id" not in repr(out.value.resume)
    found = gather({"people": turn}, most_pages=9, resume=out.value.resume)
    assert found["people"] == (node(0), node(1))
    assert asked == ["", "b", "b"]


# --- F20 to F22: something else, somebody else, somewhere else --------------------------------


@pytest.mark.parametrize(
    "say",
    [
        answer(b"<html>log in</html>", Content_Type="text/html"),
        answer(b'{"id": 7}', Content_Type="text/html"),
        answer('{"id": "æ"}'.encode("cp1252")),
        answer(b'{"id": 7}', Content_Encoding="br"),
        answer(b"not packed", Content_Encoding="gzip"),
        answer(b'{"id": NaN}'),
    ],
    ids=["login", "other_type", "charset", "packing", "no_gzip", "nan"],
)
def test_fault_f20_something_else_is_refused(say: Say) -> None:
    """A page to log in by, another charset, another packing and broken JSON are no answers."""
    assert refused(say).code == "E703"


def test_fault_f20_a_bomb_does_not_go_off() -> None:
    """Half a gigabyte in half a megabyte is refused before it takes a tenth of that."""
    pack = zlib.compressobj(9, wbits=31)
    bomb = b"".join(pack.compress(bytes(2**20)) for _ in range(512)) + pack.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    limit = 16 * 2**20
    assert refused(answer(bomb, Content_Encoding="gzip"), evolve(NEAR, most_bytes=limit)).code
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 100 * 1024
    assert refused(answer(bytes(2**20)), evolve(NEAR, most_bytes=2**19)).code == "E703"


def safe(authority: trustme.CA, name: str, context: ssl.SSLContext) -> None:
    """Let a server prove that it is `name`, to those who trust the authority."""
    authority.issue_cert(name).configure_cert(context)


def met(proof: Callable[[ssl.SSLContext], None], manners: Manners) -> SourceUnavailable | None:
    """What becomes of a call to a TLS server with such a proof."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    proof(context)
    with socket.create_server((LOOPBACK, 0)) as listening:

        def serve() -> None:
            try:
                with context.wrap_socket(listening.accept()[0], server_side=True) as one:
                    one.recv(4096)
                    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    one.sendall(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
            except OSError:
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            address = f"https://localhost:{listening.getsockname()[1]}"
            with calling(address, TOKEN, manners) as line:
                line.ask("GET", WAY, name="people")
        except SourceUnavailable as error:
            return error
        finally:
            thread.join()
    return None


def test_fault_f21_a_server_proves_who_it_is(tmp_path: Path) -> None:
    """Another name, another authority and a proof that has expired are refused; ours passes."""
    ours, file = trustme.CA(), tmp_path / "authority.pem"
    ours.cert_pem.write_to_path(str(file))
    local = evolve(NEAR, near=("localhost",), authorities=file)
    past = ours.issue_cert("localhost", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    assert met(lambda context: safe(ours, "localhost", context), local) is None
    for proof, manners in (
        (lambda context: safe(ours, "other.example", context), local),
        (lambda context: safe(trustme.CA(), "localhost", context), local),
        (past.configure_cert, local),
        (lambda context: safe(ours, "localhost", context), evolve(local, authorities=None)),
    ):
        refusal = met(proof, manners)
        assert refusal is not None
        assert refusal.code == "E704"


@pytest.mark.parametrize(
    "address",
    [
        "http://hr.example.org",
        "ftp://hr.example.org",
        "hr.example.org",
        "https://",
        "https://kari:s3cret-t0ken@hr.example.org",
        "https://hr.example.org?token=s3cret-t0ken",
        "https://[::1",
        "https://hr.example.org:99999",
    ],
)
def test_fault_f21_an_address_without_tls_is_refused(address: str) -> None:
    """Plain HTTP, another protocol and a secret in the address are refused before any call."""
    with pytest.raises(SourceUnavailable) as out, calling(address, TOKEN):
        pass
    assert out.value.code == "E704"
    assert "s3cret" not in str(out.value)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "169.254.169.254", "10.1.2.3", "192.168.1.1", "0.0.0.0", "224.0.0.1"),
        *("::1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "fe80::1%eth0", "fd00::1", "ff02::1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "100.64.0.1", "::ffff:224.0.0.1"),
    ],
)
def test_fault_f22_private_addresses_are_closed(address: str) -> None:
    """Loopback, link-local, private, shared and multicast, in either family or by a tunnel."""
    assert not is_open(address)


@given(st.ip_addresses(v=4))
def test_fault_f22_an_ipv6_mapped_address_is_as_open_as_its_own(address: Any) -> None:
    """No way of writing an address makes it another."""
    assert is_open(f"::ffff:{address}") == is_open(str(ip_address(int(address))))


def test_fault_f22_public_addresses_are_open() -> None:
    """What the internet is made of can be asked."""
    assert is_open("193.0.6.139")
    assert is_open("2001:67c:2e8:22::c100:68b")


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names lead to these addresses, one list for each time of asking; say what was asked."""
    asked: list[str] = []
    left = list(answers)

    def resolve(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("found", [["127.0.0.1"], ["193.0.6.139", "169.254.169.254"]])
def test_fault_f22_a_name_for_a_private_address_is_refused(
    found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name of which one address is private is refused, and no connection is made."""
    resolving(monkeypatch, found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    with calling("https://hr.example.org", TOKEN) as line, pytest.raises(SourceUnavailable) as out:
        line.ask("GET", WAY, name="people")
    assert out.value.code == "E704"


def test_fault_f22_a_name_that_changes_its_mind_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection goes to the address that was checked, whatever the name means next."""
    asked = resolving(monkeypatch, ["193.0.6.139"], ["127.0.0.1"])
    met: list[object] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        met.append(address[0])
        raise OSError("no network here")

    monkeypatch.setattr(socket, "create_connection", connect)
    once = Manners(tries=1)
    with calling("https://hr.example.org", TOKEN, once) as line, pytest.raises(SourceUnavailable):
        line.ask("GET", WAY, name="people")
    assert (asked, met) == (["hr.example.org"], ["193.0.6.139"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fault_f22_nobody_is_sent_elsewhere(status: int) -> None:
    """A redirect is refused, and who stands at its end never hears of it."""
    with callee(answer({})) as other:
        assert refused(answer(b"", status, Location=f"{other.address}/x")).code == "E704"
        assert other.asked == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted_is_told(status: int) -> None:
    """Who is not let in is told so, at once."""
    assert refused(answer({}, status)).code == "E706"


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither path nor token stands in any log, however much is logged."""
    caplog.set_level(logging.DEBUG)
    asked(answer({"name": "Kari"}))
    told = caplog.text + "".join(str(vars(entry)) for entry in caplog.records)
    assert not [word for word in (WAY, TOKEN, "Kari") if word in told]


def test_a_line_shows_no_secret() -> None:
    """What a line and an answer print holds neither address, token nor answer."""
    with callee(answer({"name": "Kari"})) as server, calling(server.address, TOKEN, NEAR) as line:
        said = line.ask("GET", WAY, name="people")
        assert not [w for w in (TOKEN, server.address, "Kari") if w in f"{line!r}{said!r}"]
        assert isinstance(line, Line)


@pytest.mark.parametrize(("found", "before"), [(0, 1), (49, 100), (10, 21)])
def test_fault_f23_a_source_that_shrinks_stops(found: int, before: int) -> None:
    """Fewer than half of the people is not taken over without being asked for."""
    with pytest.raises(SourceUnavailable) as out:
        refuse_shrunk(found, before, name="people")
    assert out.value.code == "E705"


@pytest.mark.parametrize(("found", "before"), [(0, None), (0, 0), (50, 100), (11, 21), (9, 1)])
def test_fault_f23_a_source_may_change(found: int, before: int | None) -> None:
    """Half of them, more than before, or nobody known before: all is well."""
    refuse_shrunk(found, before, name="people")
