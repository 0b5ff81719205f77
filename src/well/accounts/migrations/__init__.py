"""The history of the control database's tables."""
