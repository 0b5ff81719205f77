"""Data files shipped with the package.

Invariant: read at import, never written; they hold general knowledge and nothing of a workspace.
"""

import json
from importlib import resources
from typing import Any

_DATA = resources.files("well.matching").joinpath("data")


def read_json(name: str) -> Any:
    """The content of a file in `data/`."""
    return json.loads(_DATA.joinpath(name).read_text(encoding="utf-8"))
