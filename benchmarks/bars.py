"""A figure beside the bar it is measured by.

Invariant: "met" or "MISSED" follows from the two numbers alone, before rounding.
"""


def at_least(name: str, value: float, bar: float) -> str:
    """More is better."""
    return f"  {name} {value:.4f} (bar >= {bar:g}: {'met' if value >= bar else 'MISSED'})"


def at_most(name: str, value: float, bar: float, unit: str = "") -> str:
    """Less is better."""
    verdict = "met" if value <= bar else "MISSED"
    return f"  {name} {value:.4g}{unit} (bar <= {bar:g}{unit}: {verdict})"


def above(name: str, value: float, other: float, whose: str) -> str:
    """Better than a rival."""
    verdict = "met" if value > other else "MISSED"
    return f"  {name} {value:.4f} (bar > {other:.4f} of {whose}: {verdict})"
