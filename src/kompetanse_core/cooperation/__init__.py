"""What must be informed about, discussed, drøftet? `decide` and `follow_up`, and what they make."""

from kompetanse_core.cooperation.conversation import (
    Accord,
    Conversation,
    agreed,
    take_conversation,
    unclarified,
)
from kompetanse_core.cooperation.decision import decide
from kompetanse_core.cooperation.follow_up import follow_up
from kompetanse_core.cooperation.nouns import Account, Decision, FollowUp, Standing

__all__ = [
    "Accord",
    "Account",
    "Conversation",
    "Decision",
    "FollowUp",
    "Standing",
    "agreed",
    "decide",
    "follow_up",
    "take_conversation",
    "unclarified",
]
