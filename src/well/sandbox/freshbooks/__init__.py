"""The stand-in of FreshBooks: its OAuth, its read API of expenses and bills, its mail inbox.

Invariant: written from the published reference alone; it shares no code with the connector that it
is there to prove. Nothing can be written through its API: documents come by mail.
"""

from well.sandbox.freshbooks.app import FAULT_MODES, create
from well.sandbox.freshbooks.bodies import entry_id

__all__ = ["FAULT_MODES", "create", "entry_id"]
