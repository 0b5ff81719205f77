"""People, workspaces and roles, in the control database."""
