"""Made-up scans and receipts to measure the optical reader on more than the shared pictures.

Invariant: the same seed makes the same picture and the same truth. It measures nothing.
"""
