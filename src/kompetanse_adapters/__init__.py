"""How does the world meet the core? Adapters, one file each, independent of one another."""
