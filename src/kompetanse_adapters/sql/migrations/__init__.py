"""By which steps does an old database become a new one? One module of `versions` for each step."""
