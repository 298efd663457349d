"""A lesson's sentences that a cell has measured: true ones print a line, false ones stop the notebook.

On other data or fewer examples than the lesson was written for, false ones are marked, and the notebook goes
on: `measured_on`.
"""

from __future__ import annotations

from mmcourse.errors import CourseError

HOME = "digits"  # what the sentences of lessons were measured on
_elsewhere = ""  # what is measured on instead, in words; "" at home


class ClaimFailed(AssertionError):
    """A sentence of a lesson did not hold in this run."""

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the sentence alone: a stored notebook must not name folders of one machine."""
        return [f"ClaimFailed: {self}"]


def measured_on(dataset: str, examples: int | None = None) -> None:
    """Say which data the claims below are about; a lesson with a switch for its data calls this first.

    On all of "digits" a claim that does not hold stops the notebook. On other data, or with fewer examples,
    it is marked with ✗ and the notebook goes on: the sentences were written for all of "digits".

    dataset   its name
    examples  of each part at most; None for all
    Raises    CourseError for a data set that there is none of
    """
    from mmcourse.data.catalog import CATALOG
    from mmcourse.data.wording import near_matches

    global _elsewhere
    if dataset not in CATALOG:
        raise CourseError(f"There is no data set {dataset!r}. {near_matches(str(dataset), list(CATALOG))}")
    _elsewhere = f"on {dataset}" if dataset != HOME else ""
    if examples is not None:
        _elsewhere = f"{_elsewhere} with at most {examples:,} examples".lstrip()
    if _elsewhere:
        print(f"The text was written for all of {HOME}. Below, ✓ holds {_elsewhere} too, and ✗ does not.")


def claim(sentence: str, truth: object) -> None:
    """Print `✓ sentence` when `truth` holds, and stop the notebook when it does not.

    After `measured_on` with other data than the text was written for, print `✗ …` instead and go on.

    sentence  one line of plain words, the same in every run: put no measured figure in it
    truth     True or False, as a bool, a NumPy bool or a boolean tensor without axes
    Raises    ClaimFailed when it is false; TypeError for anything but one truth value (a figure, a list,
              a whole tensor), ValueError for a sentence that is empty or longer than a line
    """
    if not isinstance(sentence, str) or not sentence.strip() or "\n" in sentence:
        raise ValueError(f"a claim is one line of words, got {sentence!r}. Write what should hold.")
    holds = _as_bool(truth, sentence)
    if not holds and _elsewhere:
        print(f"✗ does not hold {_elsewhere}: {sentence}")
        return
    if not holds:
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
