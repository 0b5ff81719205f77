"""Keys of workspaces, and sealing with them."""
