"""Well: keeps a company's financial documents in step between its tools.

Read `ARCHITECTURE.md` for the line a record follows; imports only go down
(cli, web, worker > bootstrap > adapters > pipeline > matching, policy > ports > domain).
"""

__version__ = "0.1.0"
