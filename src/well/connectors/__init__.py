"""One folder per provider, the same file names in each; `http.py` is the only door out.

Invariant: provider words stay inside their folder; every outcome that is not a result leaves as
`Failed`. Nothing here decides or stores.
"""
