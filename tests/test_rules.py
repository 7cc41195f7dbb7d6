"""Which rules hold here? The shipped set, strict reading, and the floor that none weakens."""

import importlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from kompetanse_core.errors import CODES, BadInput, Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.rule import ClauseId, Effect, Rule, RuleSet, Stage, Strength
from kompetanse_core.model.text import Text
from kompetanse_core.rules import Check, guide_rules, load_rules, rules_in_force
from kompetanse_core.rules.check import LONGEST, NUMBERS
from kompetanse_core.rules.force import plainly

CHAPTERS = (
    *(("F", range(1, 6)), ("K", range(1, 14)), ("H", range(1, 9)), ("P", range(1, 10))),
    *(("A", range(1, 16)), ("T", range(1, 5)), ("B", range(17)), ("M", range(1, 14))),
    *(("S", range(1, 6)), ("D", range(1, 10)), ("G", range(1, 12)), ("R", range(1, 19))),
)
EFFECT_OF = {
    Strength.AGREEMENT_SHALL: Effect.WARN,
    Strength.AGREEMENT_SHOULD: Effect.WARN,
    Strength.AGREEMENT: Effect.WARN,
    Strength.SHALL: Effect.WARN,
    Strength.NECESSARY: Effect.WARN,
    Strength.SHOULD: Effect.WARN,
    Strength.IMPORTANT: Effect.WARN,
    Strength.RULE_OF_THUMB: Effect.OFFER,
    Strength.MAY: Effect.OFFER,
    Strength.EXAMPLE: Effect.OFFER,
    Strength.QUESTION: Effect.OFFER,
    Strength.DEFINITION: Effect.NONE,
    Strength.BACKGROUND: Effect.NONE,
}
ROW = re.compile(r"^\| ([A-WYZ]-\d+) \| ([^|]*) \| ([^|]*) \|", re.MULTILINE)
STOPS = ("A-15", "B-16", "R-5")

SMALL = """
schema = 1
id = "elsewhere"
edition = "an invented agreement"
as_of = 2027-01-01
label.nb = "Et annet land"

[[rule]]
clause = "Z-1"
strength = "skal"
effect = "stop"
check = "measures-consulted"
parameters = { days = 14 }
text.nb = "Spør først."
text.en = "Ask first."
"""


def refused(text: str) -> list[str]:
    """The code and place of each flaw that refuses a rule file."""
    with pytest.raises(BadInput) as caught:
        load_rules(text)
    return [f"{flaw.code} {flaw.place.column}".strip() for flaw in caught.value.findings]


# --- the shipped set --------------------------------------------------------------------------


def test_every_clause_of_the_guide_is_there_once_and_in_order() -> None:
    """The shipped set has the 127 clauses F-1 to R-18, in the guide's order, and no other."""
    clauses = [f"{chapter}-{number}" for chapter, numbers in CHAPTERS for number in numbers]
    assert [rule.clause for rule in guide_rules().rules] == clauses
    assert len(clauses) == 127


def test_only_three_clauses_stop() -> None:
    """STOP stands at R-5, B-16 and A-15 only; every other effect follows from the strength."""
    for rule in guide_rules().rules:
        expected = Effect.STOP if rule.clause in STOPS else EFFECT_OF[rule.strength]
        assert rule.effect is expected, rule.clause


def test_every_rule_speaks_bokmål_and_english() -> None:
    """Words and advice are there in both languages, and an advice has a stage."""
    for rule in guide_rules().rules:
        assert min(rule.text.nb, rule.text.en), rule.clause
        assert rule.text.nb != rule.text.en, rule.clause
        assert bool(rule.advice.nb) == bool(rule.advice.en) == bool(rule.stage), rule.clause


def test_every_rule_says_where_it_comes_from() -> None:
    """Each rule has a source and its lines; the agreement's text is never sourced as advice."""
    for rule in guide_rules().rules:
        assert rule.source, rule.clause
        assert re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", rule.lines), rule.clause
        if rule.strength.value.startswith("HA"):
            assert rule.source.startswith("Hovedavtalen § "), rule.clause


def dotted(home: str) -> object:
    """What stands at a dotted name inside the core."""
    room, _, rest = home.partition(".")
    module: object = importlib.import_module(f"kompetanse_core.{room}")
    for word in filter(None, rest.split(".")):
        try:
            module = getattr(module, word)
        except AttributeError:
            module = importlib.import_module(f"{getattr(module, '__name__', home)}.{word}")
    return module


def test_no_clause_is_homeless() -> None:
    """Each clause lives in code that is there, in the follow-up, or as guidance with an advice.

    Guidance alone is a home only for what demands nothing: definitions, background, examples and
    what may be done.
    """
    for rule in guide_rules().rules:
        assert rule.home, rule.clause
        assert ("follow-up" in rule.home) == bool(rule.check), rule.clause
        if "guidance" in rule.home:
            assert rule.advice, rule.clause
        if rule.home == ("guidance",):
            assert rule.effect in (Effect.NONE, Effect.OFFER), rule.clause
        for home in rule.home:
            assert home in ("follow-up", "guidance") or dotted(home) is not None


def test_a_home_that_is_not_there_is_seen() -> None:
    """The look-up of homes fails for a name that leads to nothing."""
    with pytest.raises((AttributeError, ModuleNotFoundError)):
        dotted("model.work.Castle")


def test_what_warns_or_stops_is_checked() -> None:
    """A rule that says what should be is answered by the follow-up, never only by its words."""
    firm = [r for r in guide_rules().rules if r.effect in (Effect.WARN, Effect.STOP)]
    assert len(firm) > 40
    assert [rule.clause for rule in firm if not rule.check] == []


def test_every_check_is_named_by_a_rule() -> None:
    """No check stands idle: the list is what the guide's rules name."""
    named = {rule.check for rule in guide_rules().rules} - {""}
    assert named == {check.value for check in Check}


def test_rules_of_thumb_carry_their_numbers() -> None:
    """R-7, R-8 and D-2 are parameters (X-6); the guide's split is 70, 20 and 10."""
    rules = rules_in_force(Enterprise())
    mirror = [
        rules.parameter("D-2", f"{mode}_percent") for mode in ("work", "training", "education")
    ]
    assert mirror == [70, 20, 10]
    points = [
        rules.parameter("R-7", f"concrete_{at}") for at in ("task", "role", "occupation", "goal")
    ]
    assert points == [3, 2, 1, 0]
    assert [rules.parameter("R-7", f"near_{at}") for at in ("task", "role", "unit", "else")] == [
        3,
        2,
        1,
        0,
    ]


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_guidance(stage: Stage) -> None:
    """F-4: there is an advice for every stage of the work, with its clause."""
    advice = rules_in_force(Enterprise()).guidance(stage)
    assert advice
    assert all(rule.stage is stage and rule.advice.en for rule in advice)


def test_strengths_and_lines_agree_with_the_table_of_clauses(shared_data: Path) -> None:
    """Strength and lines are those of the table of clauses, where that is at hand."""
    table = shared_data.parent / "design" / "CLAUSES.md"
    if not table.is_file():
        pytest.skip("the table of clauses is not beside the data")
    written = dict(_written(table.read_text("utf-8")))
    for rule in guide_rules().rules:
        lines, strength = written[rule.clause]
        assert rule.lines == lines, rule.clause
        assert rule.strength in strength, rule.clause


def _written(table: str) -> Iterator[tuple[str, tuple[str, tuple[Strength, ...]]]]:
    """Each clause of the table with its lines and the strengths that its words can mean."""
    meant = {
        **{strength.value: (strength,) for strength in Strength},
        "HA §28": (Strength.AGREEMENT,),
        "HA-må": (Strength.AGREEMENT_SHALL,),
        "HA-plikt §29": (Strength.AGREEMENT_SHALL,),
        "HA ansvar": (Strength.AGREEMENT_SHALL,),
        "HA def": (Strength.DEFINITION,),
        "heading": (Strength.DEFINITION,),
        "ansvar": (Strength.SHALL,),
        "må": (Strength.SHALL,),
        "spm": (Strength.QUESTION,),
    }
    for clause, lines, words in ROW.findall(table):
        strength = words.strip().split(' ("')[0]
        yield clause, (lines.replace("–", "-").strip(), meant[strength])


# --- strict reading ---------------------------------------------------------------------------


def test_another_agreement_is_another_file(tmp_path: Path) -> None:
    """X-10: a set of other rules is read from a file and stands as a floor of its own."""
    path = tmp_path / "elsewhere.toml"
    path.write_text(SMALL, "utf-8")
    rules = rules_in_force(Enterprise(), floor=load_rules(path))
    assert [(rule.clause, rule.effect) for rule in rules] == [("Z-1", Effect.STOP)]
    assert rules.parameter("Z-1", "days") == 14
    assert rules.sets[0].as_of == date(2027, 1, 1)


def test_bad_input_61_toml_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """A byte order mark is no part of the text, in a string or in a file."""
    path = tmp_path / "rules.toml"
    path.write_text(SMALL, "utf-8-sig")
    assert load_rules(path) == load_rules("\ufeff" + SMALL) == load_rules(SMALL)


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("", ["E206", "E404 schema"]),
        ("x = [", ["E407"]),
        ("schema = 1\nschema = 1", ["E402"]),
        ("x = " + "[" * 100_000, ["E403"]),
        ("x = " + "9" * 4_301, ["E403"]),
    ],
)
def test_bad_input_56_57_broken_toml_is_refused(text: str, flaws: list[str]) -> None:
    """Broken, repeated or bottomless TOML is refused; no RecursionError escapes."""
    assert refused(text)[:1] == flaws[:1]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """TOML is UTF-8; anything else is refused with the way out."""
    path = tmp_path / "rules.toml"
    path.write_bytes(SMALL.replace("Spør", "Sp\u00f8r").encode("cp1252"))
    with pytest.raises(BadInput) as caught:
        load_rules(path)
    assert (caught.value.code, caught.value.place.file) == ("E101", "rules.toml")


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ("schema = 1", "schema = 2", "E404 schema"),
        ('id = "elsewhere"', 'id = "elsewhere"\nowner = "x"', "E404 owner"),
        ('effect = "stop"', 'effect = "stop"\nveto = true', "E404 rule 1 (Z-1).veto"),
        ('effect = "stop"', 'effect = "halt"', "E213 rule 1 (Z-1).effect"),
        ('strength = "skal"', 'strength = "must"', "E213 rule 1 (Z-1).strength"),
        ('"measures-consulted"', '"nobody-asked"', "E213 rule 1 (Z-1).check"),
        ("days = 14", "days = 14.5", "E501 rule 1 (Z-1).parameters"),
        ("days = 14", "days = true", "E501 rule 1 (Z-1).parameters"),
        ('clause = "Z-1"', "", "E214 rule 1.clause"),
        ('strength = "skal"', "", "E214 rule 1 (Z-1).strength"),
        ('text.nb = "Spør først."', 'text.da = "Spørg først."', "E404 rule 1 (Z-1).text.da"),
        ("as_of = 2027-01-01", 'as_of = "soon"', "E214 as_of"),
        ('text.en = "Ask first."', 'text.en = "Ask."\nhome = "x"', "E213 rule 1 (Z-1).home"),
        ('text.en = "Ask first."', 'text.en = "Ask."\nstage = "x"', "E213 rule 1 (Z-1).stage"),
        ('clause = "Z-1"', 'clause = " Z-1"', "E214 rule 1 ( Z-1)"),
    ],
)
def test_what_is_unknown_is_refused_with_its_place(old: str, new: str, flaw: str) -> None:
    """Fault 59: an unknown key, check, strength or effect is refused, and told where it stands."""
    assert old in SMALL
    assert refused(SMALL.replace(old, new)) == [flaw]


def test_rules_that_are_no_tables_are_refused() -> None:
    """`rule` holds tables; a single table or a list of words is no rule."""
    assert refused(SMALL.replace("[[rule]]", "[rule]")) == ["E213 rule"]


def test_a_clause_that_stands_twice_is_refused() -> None:
    """One clause has one rule in a set."""
    again = SMALL + SMALL[SMALL.index("[[rule]]") :]
    assert refused(again) == ["E505"]


def test_every_flaw_is_told_at_once() -> None:
    """All flaws of a file come in one refusal."""
    text = SMALL.replace('"stop"', '"halt"').replace("days = 14", "days = 1.0")
    assert refused(text) == ["E213 rule 1 (Z-1).effect", "E501 rule 1 (Z-1).parameters"]


# --- the floor --------------------------------------------------------------------------------


def local(*rules: Rule) -> Enterprise:
    """An enterprise with one local agreement."""
    agreement = RuleSet(
        id="local",
        label=Text(nb="Særavtale"),
        edition="1",
        as_of=date(2027, 1, 1),
        rules=rules,
    )
    return Enterprise(rule_sets=(agreement,))


def weakened(rule: Rule) -> list[str]:
    """What is said of a local rule that is refused."""
    with pytest.raises(BadInput) as caught:
        rules_in_force(local(rule))
    assert {flaw.code for flaw in caught.value.findings} == {"E516"}
    return [flaw.text for flaw in caught.value.findings]


def test_without_a_local_set_the_guide_holds() -> None:
    """No local agreement: the rules in force are the guide's, and none is refined."""
    rules = rules_in_force(Enterprise())
    assert tuple(rules) == guide_rules().rules
    assert (len(rules), rules.refined()) == (127, ())


def test_a_local_agreement_may_refine() -> None:
    """T-3: other words, other numbers and a stronger effect are refinements; the rest is kept."""
    guide = guide_rules().rule("A-12")
    ours = evolve(guide, text=Text(nb="Hvert halvår."), parameters=(("months", 6),), home=())
    rules = rules_in_force(local(ours))
    assert rules.parameter("A-12", "months") == 6
    assert rules.parameter("A-12", "notice_days") == guide.parameter("notice_days")
    assert rules.rule("A-12").home == guide.home
    assert rules.refined() == (rules.rule("A-12"),)
    firmer = evolve(guide_rules().rule("K-9"), effect=Effect.WARN, strength=Strength.SHOULD)
    assert rules_in_force(local(firmer)).rule("K-9").effect is Effect.WARN


def test_a_local_agreement_may_add() -> None:
    """T-3: a clause of its own is added after the guide's."""
    ours = evolve(guide_rules().rule("D-3"), clause=ClauseId("L-1"))
    rules = rules_in_force(local(ours))
    assert (len(rules), tuple(rules)[-1]) == (128, ours)


@pytest.mark.parametrize("clause", STOPS)
def test_no_local_agreement_opens_a_gate(clause: str) -> None:
    """T-3: a stop that is made a warning, or loses its check, is refused with E516."""
    gate = guide_rules().rule(clause)
    assert weakened(evolve(gate, effect=Effect.WARN)) == ["its effect is warn, the floor's is stop"]
    assert weakened(evolve(gate, check="")) == [f"it drops the check {gate.check}"]
    assert weakened(evolve(gate, check="aims-stated")) == [f"it drops the check {gate.check}"]


def test_no_local_agreement_weakens_words_or_makes_stops() -> None:
    """A weaker strength, a stop of its own making and a number nobody reads are refused."""
    method = guide_rules().rule("M-5")
    assert weakened(evolve(method, strength=Strength.MAY)) == [
        "its strength is kan, the floor's is bør"
    ]
    stopping = ["it makes a stop of what the floor does not stop"]
    assert weakened(evolve(method, effect=Effect.STOP)) == stopping
    assert weakened(evolve(method, effect=Effect.STOP, clause=ClauseId("L-1"))) == stopping
    assert weakened(evolve(method, parameters=(("speed", 1),))) == ["the floor has no number speed"]


@pytest.mark.parametrize("number", [-1, 121, 10**9])
@pytest.mark.parametrize("clause", ["A-12", "L-1"])
def test_no_number_leaves_nothing_of_a_rule(clause: str, number: int) -> None:
    """T-3: the guide names no interval, yet once in a lifetime is not regularly."""
    floor = guide_rules().rule("A-12")
    numbers = (("months", number), ("notice_days", 60))
    seldom = evolve(floor, clause=ClauseId(clause), parameters=numbers)
    assert weakened(seldom) == [f"its months is {number}, and goes from 0 to 120"]
    for fair in (0, 24, 120):
        rarely = evolve(seldom, parameters=(("months", fair), ("notice_days", 60)))
        assert rules_in_force(local(rarely)).parameter(clause, "months") == fair
    other = evolve(guide_rules(), rules=(seldom,))
    with pytest.raises(BadInput, match="E213"):
        rules_in_force(Enterprise(), floor=other)


def test_every_number_has_its_longest() -> None:
    """T-3: each number that a check reads is bounded, and the guide's own are within it."""
    assert {name for names in NUMBERS.values() for name in names} == LONGEST.keys()


@pytest.mark.parametrize(
    "around",
    [
        (),
        (evolve(guide_rules().rule("R-5"), clause=ClauseId("L-5"), effect=Effect.NONE),),
        (evolve(guide_rules().rule("R-5"), clause=ClauseId("R-55"), effect=Effect.OFFER),),
        (evolve(guide_rules().rule("R-5"), text=Text(nb="Frivillig."), source="", lines=""),),
        (evolve(guide_rules().rule("R-5"), home=(), stage=None),),
    ],
)
@pytest.mark.parametrize("as_of", [date(1900, 1, 1), date(2999, 1, 1)])
def test_no_way_round_the_floor_moves_it(around: tuple[Rule, ...], as_of: date) -> None:
    """T-3: left out, told by another id, in other words, from another day or by two sets."""
    (set_,) = local(*around).rule_sets
    first = evolve(set_, as_of=as_of)
    second = evolve(first, id="second", edition="2")
    for sets in ((first,), (first, second)):
        rules = rules_in_force(Enterprise(rule_sets=sets))
        floor, here = guide_rules().rule("R-5"), rules.rule("R-5")
        assert (here.effect, here.strength, here.check) == (
            *(floor.effect, floor.strength, floor.check),
        )
        assert {rule.clause for rule in guide_rules().rules} <= {rule.clause for rule in rules}
        assert [rule.clause for rule in rules if rule.effect is Effect.STOP] == list(STOPS)


@pytest.mark.parametrize("clause", ["r-5", "R5", "R-05", "R – 5", "R.5"])
def test_a_clause_that_is_written_otherwise_is_refused(clause: str) -> None:
    """A slip of the pen is no clause of one's own: it is told which one the floor has."""
    slip = evolve(guide_rules().rule("R-5"), clause=ClauseId(clause), effect=Effect.NONE)
    with pytest.raises(BadInput) as caught:
        rules_in_force(local(slip))
    (flaw,) = caught.value.findings
    assert (flaw.code, flaw.place.column) == ("E503", clause)
    assert flaw.text == "there is no such clause; R-5 is written otherwise"


def test_no_two_clauses_of_the_guide_are_written_alike() -> None:
    """What a slip of the pen changes tells no clauses apart."""
    assert len({plainly(rule.clause) for rule in guide_rules().rules}) == 127
    assert plainly("§ 2-1") != plainly("§ 21")


def test_a_second_local_set_is_held_to_the_floor_too() -> None:
    """T-3: what one set has raised another may lower again, and never below the floor."""
    guide = guide_rules().rule("K-9")
    raised, lowered = (
        local(evolve(guide, effect=effect)).rule_sets[0] for effect in (Effect.WARN, Effect.OFFER)
    )
    twice = Enterprise(rule_sets=(raised, evolve(lowered, id="second")))
    assert rules_in_force(twice).rule("K-9").effect is Effect.OFFER
    below = evolve(lowered, id="third", rules=(evolve(guide, effect=Effect.NONE),))
    with pytest.raises(BadInput, match="E516"):
        rules_in_force(Enterprise(rule_sets=(raised, below)))


def test_an_unknown_clause_or_number_is_misuse() -> None:
    """Asking for a clause or number that no set has is told with E503."""
    rules = rules_in_force(Enterprise())
    for ask in (lambda: rules.rule("X-99"), lambda: rules.parameter("R-5", "days")):
        with pytest.raises(Misuse) as caught:
            ask()
        assert caught.value.code == "E503"


def test_the_codes_of_the_rules_are_on_the_list() -> None:
    """Every code that the rules tell is documented."""
    assert {"E402", "E403", "E404", "E407", "E501", "E505", "E516"} <= CODES.keys()
