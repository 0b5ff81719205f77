"""The invented company behind the stand-ins: three years of books, its papers, and the truth.

Invariant: what is exported here is all that the stand-ins and the demo use. Nothing in it comes
from the product, and nothing of the product comes here.
"""

from well.sandbox.world.score import score
from well.sandbox.world.world import World, build_world

__all__ = ["World", "build_world", "score"]
