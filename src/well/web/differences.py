"""Two texts side by side, with what differs marked in the text itself.

Invariant: differences are underlined or struck (`ins`, `del`), never told by colour alone, and
every part is escaped. Only whole words are compared; it judges nothing.
"""

from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WORDS_MAX = 60


def marked(mine: str, other: str) -> SafeString:
    """`other`, as it would have to change to become `mine`: struck what is only there."""
    ours, theirs = mine.split(), other.split()
    if [w.casefold() for w in ours] == [w.casefold() for w in theirs] or not ours:
        return format_html("{}", other)
    if len(ours) > WORDS_MAX or len(theirs) > WORDS_MAX:
        return format_html("<del>{}</del>", other)
    matcher = SequenceMatcher(None, [w.casefold() for w in theirs], [w.casefold() for w in ours])
    parts: list[SafeString] = []
    for tag, start, end, ours_start, ours_end in matcher.get_opcodes():
        gone, come = " ".join(theirs[start:end]), " ".join(ours[ours_start:ours_end])
        if tag == "equal":
            parts.append(format_html("{}", gone))
            continue
        if gone:
            parts.append(format_html("<del>{}</del>", gone))
        if come:
            parts.append(format_html("<ins>{}</ins>", come))
    return format_html_join(" ", "{}", ((part,) for part in parts))
