"""What every test shares: settings of hypothesis, and the reasons for skipping."""

import os
import re
from typing import Any

import hypothesis
import matplotlib
import pytest

# A first call into torch takes half a second, more than hypothesis allows; and a red test must be red again.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True)
hypothesis.settings.load_profile("course")


@pytest.fixture(autouse=True)
def own_look():
    """Take back the look of figures that a test has set, or the next one in this process would draw in it."""
    with matplotlib.rc_context():
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file on one process, but deal out answers by exercise, and what takes long one by one."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrLess(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            answer = re.match(r"(tests/exercises/test_answers\.py)::\w+\[(\d\d\.\d+)-", nodeid)
            if answer:
                return "::".join(answer.groups())
            long = re.match(r"tests/\w+/test_(lab|nbgrader|other_data|twins)\.py::\w+\[", nodeid)
            return nodeid if long else super()._split_scope(nodeid)

    return ByFileOrLess(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs real samples where there are none."""
    if os.environ.get("MMCOURSE_DATA_DIR"):
        return
    skip = pytest.mark.skip(reason="needs real samples: point MMCOURSE_DATA_DIR at them")
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(skip)
