"""How does duckdb find gaps? The same rules as one query, over the same codes.

Tables go over before the clock starts, as integer codes. Who is engaged twice in one role and unit
has one row for each want there, as everywhere.
"""

from __future__ import annotations

import duckdb
import in_polars
import shapes

from kompetanse_core.columns.layout import days
from kompetanse_core.model.enterprise import Enterprise

ON = shapes.ON
NAMES = ("ways", "equals", "kin", "fading", "said", "posts", "asked", "proofs")
ROWS = """
with counted as (
    select person, code, max({
        t: case source when 0 then 0 when 1 then 0 when 2 then -1 when 3 then -2 else -3 end,
        a: assessed, r: recorded,
        l: greatest(0, level - case when fades then (
            (2027 - year(day)) * 12 + 1 - month(day) - (1 < dayofmonth(day))::int
        ) // 60 else 0 end), e: expires}) as best
    from (select *, date '1970-01-01' + assessed as day from said where assessed <= $on)
    join fading using (code) group by person, code
), direct as (
    select person, code, best.l as level, best.e as expires from counted
), held as (
    select person, code, max({f: expires >= $on, l: level, e: expires}) as h from (
        select * from direct union all
        select person, "to", level - "drop", expires from direct join ways using (code)
        where level - "drop" >= 1
    ) group by person, code
), strict as (
    select person, code, max({f: expires >= $on, l: level, e: expires}) as s from (
        select * from direct union all
        select person, "to", level, expires from direct join equals using (code) where level >= 1
    ) group by person, code
), proven as (
    select person, kin, max(expires) as proven from proofs join kin using (code)
    where verified and issued <= $on group by person, kin
), rows as (
    select person, role, unit, code, need, weight, demand, statutory, proof <> 0 as asks, proven,
        case when statutory then s.l else h.l end as have,
        need::bigint * weight as total,
        least(coalesce(case when statutory then s.e else h.e end, 2147483647),
              case when proof <> 0 then coalesce(proven, 2147483647) else 2147483647 end) as until
    from (select distinct person, role, unit from posts)
    join asked using (role) join kin using (code)
    left join held using (person, code) left join strict using (person, code)
    left join proven using (person, kin)
), judged as (
    select *, case when have is null or (until < $on and not (statutory or asks))
        then total else 0 end as unknown,
        case when have is null or until < $on or (asks and proven is null)
        then 0 else least(have, need)::bigint * weight end as met,
        case when until < $on then 2 when until <= $on + 180 then 1 else 0 end::tinyint as validity,
        case when have is null then 0 when have = 0 then 1 when have < need then 2
             when have = need then 3 else 4 end::tinyint as state
    from rows
), gaps as (
    select person, role, unit, code, need, have, weight, demand, statutory, state, validity, until,
        met, total - met - unknown as missing, unknown from judged
)
"""
SUMS = """select sum(met), sum(missing), sum(unknown), count(*), sum(people) from (
    select sum(met) as met, sum(missing) as missing, sum(unknown) as unknown,
        count(distinct person) as people from laid group by {key})"""


class Peer:
    """The same work as a query of duckdb."""

    def __init__(self, enterprise: Enterprise) -> None:
        """Take the codes over, outside the time that is measured."""
        frames = in_polars.Peer(enterprise)
        self.connection = duckdb.connect()
        for name in NAMES:
            self.connection.register("given", getattr(frames, name).to_arrow())
            self.connection.execute(f"create table {name} as from given")
        self.connection.unregister("given")

    def lean(self) -> tuple[int, ...]:
        """Add up by unit and by competence."""
        sums: list[int] = []
        both = " union all ".join(SUMS.format(key=key) for key in ("unit", "code"))
        query = f"{ROWS}, laid as materialized (from gaps) {both}"
        for row in self.connection.execute(query, {"on": days(ON)}).fetchall():
            sums += map(int, row)
        return tuple(sums)

    def laid_out(self) -> tuple[int, ...]:
        """Lay out every row and add up its columns."""
        laid = f"create or replace temp table laid as {ROWS} from gaps"
        self.connection.execute(laid, {"on": days(ON)})
        sums = self.connection.execute("select sum(met), sum(missing), sum(unknown) from laid")
        return tuple(int(value) for value in sums.fetchone() or ())
