"""A stand-in of Qonto's Business API: organization, supplier invoices, attachments, OAuth.

Invariant: written from the published reference alone; it shares no code with the connector it is
there to prove. It keeps no secret of anybody.
"""

from well.sandbox.qonto.app import create

__all__ = ["create"]
