"""What must be informed about, discussed, drøftet? `decide` and `follow_up`, and what they make."""

from kompetanse_core.cooperation.decision import decide
from kompetanse_core.cooperation.follow_up import follow_up
from kompetanse_core.cooperation.nouns import Account, Decision, FollowUp, Standing

__all__ = ["Account", "Decision", "FollowUp", "Standing", "decide", "follow_up"]
