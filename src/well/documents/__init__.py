"""Documents: bytes to invoice (`reading.reader.DocumentReader`) and invoice to page (`writing`).

Invariant: hostile bytes are opened only in the limited child process; what cannot be read comes
back as a sentence. It decides nothing and reaches no network. Nothing is imported here, so that
the child process loads only what it needs.
"""
