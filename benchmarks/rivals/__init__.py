"""Peers that the bench runs beside Well, one file each; none of their code is in the product.

Invariant: each runs as a process of its own in its own environment, reads the same files as Well,
and answers in the same form. No file here imports `well`.
"""
