"""Proof of the report's rooms."""
