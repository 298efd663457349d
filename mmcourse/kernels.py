"""Kernels that run notebooks without a reader: quiet, and untouched by anybody's own settings."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unattended() -> Iterator[dict[str, str]]:
    """Give the environment variables under which to start kernels, or programs that start them.

    IPython's folder is an empty one: a start-up file of the user's own could make a notebook pass here and
    nowhere else. ipykernel 7 greets with a warning about unencrypted local sockets, which is turned off.
    """
    with tempfile.TemporaryDirectory(prefix="mmcourse-ipython-") as folder:
        profile = Path(folder, "profile_default")
        profile.mkdir()
        (profile / "ipython_kernel_config.json").write_text(
            json.dumps({"IPKernelApp": {"log_level": "ERROR"}})
        )
        yield {**os.environ, "IPYTHONDIR": folder, "MMCOURSE_QUIET": "1"}
