"""Parts of sentences that several messages share: a count with its noun, names that were nearly meant."""

import difflib
from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Join a number and a noun, in the plural (with s) unless it is one: "1 picture", "3 pictures"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def guess(word: object, known: Iterable[str]) -> str:
    """Ask whether a mistyped name meant one or two of the known ones; nothing, or a sentence and a space.

    Capitals count for nothing: "Cat" is as near to "cat" as can be.
    """
    written = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(word).lower(), written, n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(repr(written[name]) for name in near)}? " if near else ""


def near_matches(word: object, known: list[str]) -> str:
    """Say which known names a mistyped one may have meant, and which there are."""
    return f"{guess(word, known)}There are: {', '.join(known)}."
