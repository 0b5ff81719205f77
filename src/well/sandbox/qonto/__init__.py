"""A stand-in of Qonto's Business API: organization, supplier invoices, attachments, OAuth.

Invariant: written from the published reference alone; it shares no code with the connector it is
there to prove. It keeps no secret of anybody.
"""

from well.sandbox.qonto.app import create
from well.sandbox.qonto.as_source import create_source
from well.sandbox.qonto.bodies import VIEW

__all__ = ["VIEW", "create", "create_source"]
