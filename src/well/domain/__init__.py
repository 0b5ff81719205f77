"""Values and rules of the product; no clock, no input or output, no randomness."""
