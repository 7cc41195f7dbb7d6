"""Which rules hold here? `guide_rules`, `load_rules` and `rules_in_force` make RulesInForce.

Clauses F-5, T-3, X-6, X-7 and X-10. Rules are data: a rule names a `Check`, and the check is a
function of a higher floor; there is no expression language.
"""

from kompetanse_core.rules.check import Check
from kompetanse_core.rules.force import RulesInForce, rules_in_force
from kompetanse_core.rules.reading import guide_rules, load_rules

__all__ = ["Check", "RulesInForce", "guide_rules", "load_rules", "rules_in_force"]
