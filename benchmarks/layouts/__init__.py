"""Made-up invoices in many layouts, languages and wordings, with their truth, to measure readers.

Invariant: the same seed makes the same pages; no page, name or wording comes from a real document.
"""
