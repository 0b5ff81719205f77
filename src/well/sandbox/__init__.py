"""Stand-ins of the providers: their real protocols, served here around an invented company.

Invariant: nothing here shares code with the product, so that an error of understanding cannot hide
on both sides. This is not a mock library: every stand-in is driven over real HTTP.
"""
