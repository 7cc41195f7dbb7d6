"""Who makes up for the heads that units are short of? The grid of the answers in heads (G-8).

A headcount asks for so many people, so what it lacks is a number of people, and is guarded as one:
told from the smallest group up, and only where no row or other table gives a smaller number away.
"""

from __future__ import annotations

from kompetanse_core.plan import Plan, Question
from kompetanse_core.report.groups import HEADS, headcount_key, mustering
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Grid
from kompetanse_core.report.telling import Telling


def heads(plan: Plan, telling: Telling) -> Grid:
    """Lay out by whom the heads short are made up for; they add up to all that are short."""
    say, split = telling.say, plan.head_split
    words = {
        Question.DEVELOP: say("Ved å utvikle og bruke dem som er her", "By those who are here"),
        Question.RECRUIT: say("Ved rekruttering", "By recruiting"),
        Question.REDEVELOP: say("Ved omskolering", "By reskilling"),
    }
    here = {part: len(given) for part, given in mustering(plan).items()}
    held = not _told(plan, telling)
    lines = [
        _line(name, plan.answer(question).heads, here.get(question.value), telling, held=held)
        for question, name in words.items()
    ]
    left = say("Mangler fortsatt", "Still lacking")
    lines.append(_line(left, split.left, None, telling, held=held))
    columns = [
        (say("Bemanning med en bestemt kompetanse", "Staffing with one competence"), False),
        (say("Hoder", "Heads"), True),
    ]
    total = _line(say("Til sammen", "In all"), split.missing, None, telling, held=held)
    caption = say("Svarene i antall mennesker", "The answers in numbers of people")
    return telling.grid(caption, columns, lines, total=total)


def _line(words: str, count: int, people: int | None, telling: Telling, *, held: bool) -> Line:
    """Tell so many heads; `people` are those here who stand behind them, None where nobody does."""
    behind = count if people is None else people
    cells = (telling.words(words), telling.figure(count))
    return Line(cells=cells, people=behind, held=held)


def _told(plan: Plan, telling: Telling) -> bool:
    """Say whether the heads may be told in sum: no few lie behind, and no few have changed.

    Where one headcount is held back, or several that are few together, the sum would tell them.
    """
    keys = [headcount_key(found) for found in plan.gaps.headcounts]
    many = [
        (HEADS, part)
        for part, given in mustering(plan).items()
        if len(given) >= telling.smallest_group
    ]
    changed = any(key in telling.veil.hidden for key in many)
    if changed or any(key in telling.veil.repeated for key in keys):
        return False
    untold = [
        found.least
        for key, found in zip(keys, plan.gaps.headcounts, strict=True)
        if found.most and (telling.holds(key) or telling.few(found.least))
    ]
    return not untold or (len(untold) > 1 and sum(untold) >= telling.smallest_group)
