"""What the pipeline needs from the outside, as protocols; adapters above implement them."""
