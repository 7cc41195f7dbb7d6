"""Which measures help, and why? `recommend` makes Recommendations of the ways that are open."""

from kompetanse_core.recommendation.nouns import (
    Fact,
    Lean,
    Recommendation,
    Recommendations,
    Unhelped,
)
from kompetanse_core.recommendation.ranking import recommend

__all__ = ["Fact", "Lean", "Recommendation", "Recommendations", "Unhelped", "recommend"]
