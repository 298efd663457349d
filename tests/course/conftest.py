"""What the tests of panels share: a stand-in for the cell that a panel is displayed in."""

import pytest
from matplotlib import pyplot as plt

from mmcourse.widgets import stage


class Shown:
    """What the cell displayed: the controls, and each picture that stood in it.

    controls  a control's description -> the control; `children` has them in order
    pictures  each as it was displayed (with its PNG in .data), the one at the moment last
    places    how many places for a picture the cell has
    """

    def __init__(self):
        self.controls, self.children, self.pictures, self.places = {}, [], [], 0

    def display(self, thing, display_id=None):
        if display_id is None:
            self.children += thing.children
            self.controls |= {getattr(c, "description", ""): c for c in thing.children}
            return None
        self.places += 1
        self.pictures.append(thing)
        return self

    def update(self, thing):
        self.pictures.append(thing)

    @property
    def picture(self):
        return self.pictures[-1]

    @property
    def images(self):
        """The PNG of each picture."""
        return [picture.data for picture in self.pictures if picture is not None]


@pytest.fixture
def shown(monkeypatch):
    plt.switch_backend("agg")
    shown = Shown()
    monkeypatch.setattr(stage, "display", shown.display)
    yield shown
    assert plt.get_fignums() == []
