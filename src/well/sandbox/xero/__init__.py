"""The stand-in of Xero: identity server with registration of apps, accounting API, MCP server.

Invariant: it answers as the provider's published protocols do and holds nothing that a client
could not see there. It is no accounting: nothing is computed from what is written.
"""

from well.sandbox.xero.app import FAULT_MODES, create
from well.sandbox.xero.view import VIEW

__all__ = ["FAULT_MODES", "VIEW", "create"]
