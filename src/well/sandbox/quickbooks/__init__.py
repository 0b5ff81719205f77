"""The stand-in of QuickBooks Online Accounting: OAuth, queries, changes, attachments, faults.

Invariant: it answers as the provider's published protocol does and holds nothing that a client
could not see there. It is no accounting: nothing is computed from what is written.
"""

from well.sandbox.quickbooks.app import FAULT_MODES, create
from well.sandbox.quickbooks.as_target import create_target

__all__ = ["FAULT_MODES", "create", "create_target"]
