"""What does this enterprise need to know, and how does it get there? The front door."""
