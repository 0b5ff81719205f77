"""The line a record follows: poll, capture, read, resolve, match, decide, post, confirm.

Invariant: each step is a function over a batch, is safe to run twice, and knows ports only.
"""
