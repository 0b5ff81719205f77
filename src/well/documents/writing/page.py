"""A sheet of texts to a PDF/A-3 page, with or without an e-invoice inside.

Invariant: the same sheet and file give the same bytes, in any process; texts are data and never
markup; only the program's own fonts are used. It knows nothing of bills.
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import typst

from well.documents.writing.fonts import font_folders

_TEMPLATE = Path(__file__).with_name("page.typ")
STANDARD: Final = "a-3a"
"""PDF/A-3 with tags: readable aloud, and every letter has its Unicode value (ISO 19005-3)."""


class PageMaker:
    """Compiles the template; safe to share between threads (one page at a time)."""

    def __init__(self) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
        )
        self._compiler = typst.Compiler(str(_TEMPLATE), font_paths=fonts, ignore_system_fonts=True)
        self._one_at_a_time = threading.Lock()

    def page(self, sheet: Mapping[str, Any], dated: date | None, xml: bytes | None = None) -> bytes:
        """The PDF of a sheet, dated that day at midnight UTC, with `xml` attached."""
        inputs = {"data": json.dumps(sheet, ensure_ascii=False)}
        if xml is not None:
            inputs["xml"] = xml.decode("utf-8")
        when = datetime.combine(dated or date(2000, 1, 1), time(), UTC)
        with self._one_at_a_time:
            content = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=when
            )
        assert isinstance(content, bytes)
        return content
