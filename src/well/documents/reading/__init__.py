"""Bytes to invoice: embedded or bare XML first, then the text layer; each value with its place.

Invariant: nothing here decides; what was not read stays absent.
"""
