"""Checks of finished files: PDF/A-3, Factur-X, schemas and business rules.

Invariant: nothing is changed or repaired; a file is clean or has named violations. Rules run in a
limited child process, because the files may come from anybody.
"""
