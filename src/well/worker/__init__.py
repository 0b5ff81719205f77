"""The durable engine's wiring: which syncs run when, on which queue, and what a failure does."""
