"""Outgoing mail: one message for each posting, signed and submitted, and what comes back of it."""
