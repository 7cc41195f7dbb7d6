"""What holds for the fits of every enterprise: the oracle's answers, and the laws."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from unittest import mock

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_gap_laws import gaps_of, questions
from tests.oracles import fits as plain
from tests.oracles import gaps as oracle

from kompetanse_core.columns import held, speed
from kompetanse_core.conformance.renaming import shuffled
from kompetanse_core.fit import Fit, Fits, Qualification, find_fits, similarity, transferability
from kompetanse_core.model.work import Demand, RoleId

FEW = st.sampled_from((1, 2, 3, 50))


def fits_of(q: oracle.Question, best: int = 50) -> Fits:
    """What the library answers to a question."""
    return find_fits(q.enterprise, on=q.on, known_at=q.known_at, combining=q.combining, best=best)


def told(fit: Fit) -> tuple[object, ...]:
    """The fields of a fit as the oracle writes them."""
    fields = attrs.astuple(fit)
    return *fields[:2], fit.qualification.value, *fields[3:]


@given(questions(), FEW)
def test_roles_for_everybody_are_the_oracles(question: oracle.Question, best: int) -> None:
    """Who is told which role, in which order and at which rank, is as in the plain reading."""
    assert [told(fit) for fit in fits_of(question, best).roles] == plain.by_person(question, best)


@given(questions(), FEW)
def test_people_for_every_role_are_the_oracles(question: oracle.Question, best: int) -> None:
    """The other way round, over blocks of any size, it is the same."""
    with mock.patch.object(held, "BLOCK", 2):
        found = [told(fit) for fit in fits_of(question, best).people]
    assert found == plain.by_role(question, best)


@given(questions(), FEW)
def test_transfers_are_the_oracles(question: oracle.Question, best: int) -> None:
    """What one role costs from another is as in the plain reading."""
    table = transferability(question.enterprise, on=question.on, best=best)
    assert [attrs.astuple(each) for each in table] == plain.transfers(question, best)


@given(questions())
def test_likenesses_are_the_oracles_and_the_same_both_ways(question: oracle.Question) -> None:
    """The statistic is the plain cosine but for rounding, and symmetric."""
    cosines = {(RoleId(a), RoleId(b)): c for (a, b), c in plain.likenesses(question).items()}
    alike = {
        (each.role, each.other): each.alike
        for each in similarity(question.enterprise, on=question.on, best=50)
    }
    assert alike.keys() == cosines.keys()
    for pair, cosine in cosines.items():
        assert abs(alike[pair] - plain.laid_on_whole(cosine)) <= 1
        assert alike[pair] == alike[pair[::-1]]


@given(questions())
def test_both_speeds_rank_the_same(question: oracle.Question) -> None:
    """What the compiler makes of the kernels ranks as plain Python does."""
    slow = fits_of(question, 2)
    slow_tables = slow.roles, slow.people, transferability(question.enterprise, on=question.on)
    near = similarity(question.enterprise, on=question.on)
    with mock.patch.object(speed, "WORTHWHILE", 0):
        fast = fits_of(question, 2)
        tables = fast.roles, fast.people, transferability(question.enterprise, on=question.on)
        assert similarity(question.enterprise, on=question.on) == near
    assert tables == slow_tables


@given(questions())
def test_a_fit_to_ones_own_role_is_its_gaps(question: oracle.Question) -> None:
    """In a role that somebody has, the fit adds up the rows of what is required."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    units: dict[tuple[str, str], str] = {}
    for gap in gaps_of(question):
        pair = gap.employee, gap.role
        if gap.demand is Demand.REQUIRED and units.setdefault(pair, gap.unit) == gap.unit:
            for place, steps in enumerate((gap.met, gap.missing, gap.unknown)):
                sums[pair][place] += steps
    for fit in fits_of(question).roles:
        if (fit.employee, fit.role) in sums:
            assert [fit.met, fit.missing, fit.unknown] == sums[fit.employee, fit.role]


@given(questions())
def test_who_would_qualify_is_told_what_is_unknown(question: oracle.Question) -> None:
    """Something statutory is unknown of just those who would qualify."""
    fits = fits_of(question)
    for fit in fits.roles:
        lacking = fits.would_qualify_if(fit)
        assert bool(lacking) == (fit.qualification is Qualification.WOULD_QUALIFY)


@given(questions())
def test_one_person_asked_alone_fits_as_in_the_crowd(question: oracle.Question) -> None:
    """Nobody's fits depend on others, nor on the block in which they are ranked."""
    fits = fits_of(question, 2)
    alone = [fit for person in fits.holdings.people.values for fit in fits.of(person)]
    assert alone == list(fits.roles) == [fit for table in fits.blocks() for fit in table]


@given(questions(), st.data())
def test_row_order_changes_no_fit(question: oracle.Question, data: st.DataObject) -> None:
    """Told in another order, an enterprise has the same fits."""
    other = attrs.evolve(question, enterprise=data.draw(shuffled(question.enterprise)))
    assert fits_of(other).roles == fits_of(question).roles
    assert fits_of(other).people == fits_of(question).people


@given(questions())
def test_no_order_is_broken(question: oracle.Question) -> None:
    """Within a person and a qualification shares fall, and equal ones share a rank."""
    rows = list(fits_of(question).roles)
    for one, two in pairwise(rows):
        if (one.employee, one.qualification) != (two.employee, two.qualification):
            continue
        shares = [(Fraction(f.met, f.total), -Fraction(f.missing, f.total)) for f in (one, two)]
        assert shares[0] >= shares[1]
        assert (shares[0] == shares[1]) == (one.rank == two.rank)
