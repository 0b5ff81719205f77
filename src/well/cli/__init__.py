"""The command line: every operation of the pages, scriptable."""
