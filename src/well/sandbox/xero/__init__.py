"""The stand-in of Xero."""
