"""Which steps are there? `founded`, then `chained`; each can be taken forth and back."""
