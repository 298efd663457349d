"""Progress bars that a notebook test, or a learner who likes it quiet, can silence."""

import os

from tqdm.auto import tqdm


def quiet() -> bool:
    """Say whether MMCOURSE_QUIET asks for no progress bars."""
    return os.environ.get("MMCOURSE_QUIET", "") not in ("", "0")


def bar(iterable=None, **options) -> tqdm:
    """Return tqdm's bar; silent where MMCOURSE_QUIET is set."""
    return tqdm(iterable, disable=quiet(), **options)
