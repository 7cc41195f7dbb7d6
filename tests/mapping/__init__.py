"""Proof of the mapping rooms."""
