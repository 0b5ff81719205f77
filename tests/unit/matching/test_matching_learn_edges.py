"""What is learned: a missing value tells nothing, whatever way it is counted."""

import numpy as np

from well.matching.learn import Observation, gather, learn_counts


def test_missing_values_are_never_counted() -> None:
    seen = Observation("j1", 24_000, {"name": "missing", "date": "same day"})
    levels = np.array([[0, 1], [0, 0]], dtype=np.uint8)
    names = {"name": ("missing", "equal"), "date": ("missing", "same day")}
    columns = learn_counts(levels, np.array([True, False]), names, 24_000)
    for learned in (gather([seen]), columns):
        words = {key.two for key in learned.counts if key.kind in ("match", "other")}
        assert words == {"same day"}
