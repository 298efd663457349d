"""What every test shares: settings of hypothesis, and the reasons for skipping."""

import os

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs real samples where there are none."""
    if os.environ.get("MMCOURSE_DATA_DIR"):
        return
    skip = pytest.mark.skip(reason="needs real samples: point MMCOURSE_DATA_DIR at them")
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(skip)
