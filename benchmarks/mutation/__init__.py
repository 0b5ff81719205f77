"""Mutation testing of `matching/` and `policy/`: what the tests would not notice, by program.

Invariant: no file of the product is changed; a mutant lives in a forked process and ends with it.
A development tool: nothing here is installed. `make mutation` runs it (`__main__.py`).
"""
