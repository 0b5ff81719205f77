"""One module for each page; each checks membership first and reads through storage.queries."""
