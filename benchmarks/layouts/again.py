"""Prints how well the second and later invoices of a supplier are read once the first was reviewed.

Invariant: learned from the truth of one document, measured on others of the same supplier, with
and without what was learned.

Run: `.venv/bin/python -m benchmarks.layouts.again`
"""

import sys
from collections.abc import Sequence

from benchmarks.documents import TEN
from benchmarks.layouts.make import LANGUAGES, Made, plans, supplier
from benchmarks.layouts.score import Tally, tally
from well.documents.reading.assemble import assemble, has_invoice_data
from well.documents.reading.fields import read_fields
from well.documents.reading.learned import learn
from well.documents.reading.pages import Page
from well.documents.reading.pdf_file import open_pdf
from well.documents.reading.pdf_text import read_page
from well.domain.learned_layout import LearnedLayout
from well.ports.reader import Reading

DOCUMENTS = 5
SEED = 900
TELL = "--wrong" in sys.argv


def pages_of(made: Made) -> list[Page]:
    """Its pages as text."""
    with open_pdf(made.content) as pdf:
        return [read_page(pdf, number) for number in range(len(pdf))]


def read(made: Made, known: Sequence[LearnedLayout]) -> Reading:
    """Reading with the layouts known so far."""
    draft = read_fields(pages_of(made), known)
    invoice = assemble(draft, ()) if has_invoice_data(draft) else None
    return Reading("invoice", None, invoice)


def main() -> None:
    """Both halves, without and with what was learned."""
    for held in (False, True):
        series = [supplier(plan, language, SEED, DOCUMENTS)
                  for plan in plans(held) for language in LANGUAGES]  # fmt: skip
        learned = [
            found
            for first, *_ in series
            if (found := learn(pages_of(first), {TEN[k]: v for k, v in first.fields.items()}))
        ]
        later = [made for _, *rest in series for made in rest]
        print("held" if held else "seen", f"{len(learned)} of {len(series)} suppliers learned")
        show("first sight", tally(later, [read(made, ()) for made in later], False))
        show("learned", tally(later, [read(made, learned) for made in later], TELL))


def show(title: str, found: Tally) -> None:
    """One line of figures."""
    right, wrong = found.right.total(), found.wrong.total()
    print(
        f"  {title:12} {found.files} documents  recall {right / found.expected.total():.1%}  "
        f"precision {right / max(right + wrong, 1):.1%}  core three {found.core / found.files:.1%}"
    )


if __name__ == "__main__":
    main()
