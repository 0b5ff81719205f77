"""Suppliers' papers: page layouts, PDF and image output, embedded XML, and damaged files.

Invariant: a file's bytes follow from its document and form alone. Knows nothing of bookings.
"""
