"""Proof of the privacy room."""
