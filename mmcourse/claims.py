"""A lesson's sentences that a cell has measured: true ones print a line, false ones stop the notebook."""

from __future__ import annotations


class ClaimFailed(AssertionError):
    """A sentence of a lesson did not hold in this run."""

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the sentence alone: a stored notebook must not name folders of one machine."""
        return [f"ClaimFailed: {self}"]


def claim(sentence: str, truth: object) -> None:
    """Print `✓ sentence` when `truth` holds, and stop the notebook when it does not.

    sentence  one line of plain words, the same in every run: put no measured figure in it
    truth     True or False, as a bool, a NumPy bool or a boolean tensor without axes
    Raises    ClaimFailed when it is false; TypeError for anything but one truth value (a figure, a list,
              a whole tensor), ValueError for a sentence that is empty or longer than a line
    """
    if not isinstance(sentence, str) or not sentence.strip() or "\n" in sentence:
        raise ValueError(f"a claim is one line of words, got {sentence!r}. Write what should hold.")
    if not _as_bool(truth, sentence):
        raise ClaimFailed(
            f"this run does not bear out: “{sentence}”. Restart the kernel and run all cells; if it fails "
            "again, something above this cell has changed."
        )
    print(f"✓ {sentence}")


def _as_bool(truth: object, sentence: str) -> bool:
    """Take the truth value out of a bool, a NumPy bool or a boolean array or tensor without axes."""
    if isinstance(truth, bool):
        return truth
    # By name, so that this module needs neither NumPy nor torch.
    if str(getattr(truth, "dtype", "")).removeprefix("torch.") == "bool" and tuple(truth.shape) == ():
        return bool(truth.item())
    kind = type(truth).__name__
    if hasattr(truth, "shape"):
        kind += f" of shape {tuple(truth.shape)} and type {truth.dtype}"
    raise TypeError(
        f"“{sentence}” needs one True or False, got {kind}. "
        "Compare the figures, and join several answers with .all() or .any()."
    )
