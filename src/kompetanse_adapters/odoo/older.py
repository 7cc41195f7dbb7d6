"""How is an Odoo of versions 14 to 18 asked, without JSON-2? OlderLine: over JSON-RPC.

Rows are asked for in two steps: in 14, one step would send the names of people along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen

from kompetanse_adapters.calling import Answer, Line, Manners
from kompetanse_adapters.reading import Node
from kompetanse_core import Place, SourceUnavailable

_NO_ACCESS = frozenset({"odoo.exceptions.AccessDenied", "odoo.exceptions.AccessError"})
_NO_MODEL = "odoo.exceptions.UserError"
"""What an older Odoo raises for a model that it lacks; the words of it are translated."""


@frozen(kw_only=True)
class OlderLine:
    """Eldre linje: asks one database of an older Odoo as one of its users."""

    line: Line
    database: str = field(repr=False)
    user: int = field(repr=False)

    @property
    def manners(self) -> Manners:
        """Keep the manners of the line."""
        return self.line.manners

    def call(self, name: str, method: str, body: Mapping[str, object]) -> Answer:
        """Answer as JSON-2 does; a model that is not there is a 404.

        Raises:
            SourceUnavailable: E706, if the user may not read this; or as `Line.ask`.
        """
        if method != "search_read":
            return self._execute(name, method, (), body)
        steps = {key: body[key] for key in ("order", "limit", "context")}
        found = self._execute(name, "search", (body["domain"],), steps)
        ids = found.body.value.get("")
        if not found.sound or not ids:
            return found
        plain = {key: body[key] for key in ("fields", "load", "context")}
        return self._execute(name, "read", (ids,), plain)

    def _execute(
        self, name: str, method: str, given: Sequence[object], named: Mapping[str, object]
    ) -> Answer:
        who = (self.database, self.user, self.line.token)
        return _rpc(self.line, "object", "execute_kw", (*who, name, method, given, named), name)


def log_in(line: Line, database: str, login: str) -> OlderLine:
    """Find out which user a login is.

    Raises:
        SourceUnavailable: E706, if Odoo knows no such database, login or key; or as `Line.ask`.
    """
    told: tuple[object, ...] = (database, login, line.token, {})
    answer = _rpc(line, "common", "authenticate", told, "jsonrpc")
    user = answer.body.value.get("")
    if not answer.sound or type(user) is not int:
        text = "Odoo does not accept the database, login and key"
        raise SourceUnavailable("E706", text, place=Place(file="jsonrpc"))
    return OlderLine(line=line, database=database, user=user)


def _rpc(line: Line, part: str, method: str, given: Sequence[object], name: str) -> Answer:
    """Ask, and put the result where JSON-2 has it: an object as it is, all else under ""."""
    params = {"service": part, "method": method, "args": given}
    body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
    answer = line.ask("POST", "/jsonrpc", body=body, name=name)
    if not answer.sound:
        return answer
    if "error" in answer.body.value:
        return evolve(answer, status=_status(answer.body, name))
    result = answer.body.value.get("result")
    value = result if isinstance(result, dict) else {"": result}
    return evolve(answer, body=Node(value=value, place=answer.body.place))


def _status(body: Node, name: str) -> int:
    """Give the status that JSON-2 would have; what Odoo says may name people and is not told."""
    error = body.value["error"]
    told = error.get("data") if isinstance(error, dict) else None
    kind = told.get("name") if isinstance(told, dict) else None
    if kind in _NO_ACCESS:
        text = "the source does not accept the token, or it may not read this"
        raise SourceUnavailable("E706", text, place=Place(file=name))
    return 404 if kind == _NO_MODEL else 422
