"""The form in which every rival answers, and the bands it is read with.

Invariant: a score of .85 or more is an answer without a person, as in Well's own bands; the five
best candidates of a document are kept, best first.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

AUTO, REVIEW, KEPT = 0.85, 0.55, 5
Scored = tuple[float, str]


def band(confidence: float) -> str:
    """auto, review or refuse."""
    if confidence >= AUTO:
        return "auto"
    return "review" if confidence >= REVIEW else "refuse"


def one_to_one(candidates: Mapping[str, Sequence[Scored]]) -> dict[str, list[Scored]]:
    """Each target goes to its best document, highest scores first; the others lose it."""
    links = sorted(
        ((score, source, target) for source, row in candidates.items() for score, target in row),
        reverse=True,
    )
    taken: set[str] = set()
    given: dict[str, list[Scored]] = {}
    for score, source, target in links:
        if source not in given and target not in taken:
            taken.add(target)
            given[source] = [(score, target)]
    return given


def write(path: Path, sources: Iterable[str], candidates: Mapping[str, Sequence[Scored]]) -> None:
    """One line for each document; candidates are (score, target), best first."""
    with path.open("w", encoding="utf-8") as file:
        for source in sources:
            row = list(candidates.get(source, ()))[:KEPT]
            confidence = row[0][0] if row else 0.0
            answer = {
                "source_id": source,
                "decision": band(confidence),
                "confidence": confidence,
                "target_id": row[0][1] if row and confidence >= REVIEW else None,
                "candidates": [{"target_id": t, "confidence": score} for score, t in row],
            }
            file.write(json.dumps(answer) + "\n")
