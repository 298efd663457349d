"""Figures: the right values at the right places, in units, and refusals that say what to do."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import plotting

DIGITS = [str(digit) for digit in range(10)]


@pytest.fixture(autouse=True)
def _no_window_and_none_left_open():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_every_sense_has_its_own_colour_and_marker():
    assert plotting.SENSE == {"image": ("#0072B2", "s"), "speech": ("#D55E00", "o"), "both": ("#009E73", "^")}


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.01, 0.3))
def test_labels_are_pushed_apart_in_order_and_no_further_than_needed(positions, gap):
    apart = plotting.spread_out(positions, gap)
    order = np.argsort(positions, kind="stable")
    assert (np.diff(apart[order]) >= gap - 1e-9).all()
    np.testing.assert_allclose(apart.mean(), np.mean(positions), atol=1e-9)
    if len(positions) > 1 and np.diff(np.sort(positions)).min() >= gap:
        np.testing.assert_allclose(apart, positions, atol=1e-9)


def test_a_waveform_is_drawn_against_seconds():
    ax = plotting.waveform(torch.linspace(-1, 1, 4000, requires_grad=True), sample_rate=8000)
    x, y = ax.lines[0].get_data()
    assert x[-1] == pytest.approx(3999 / 8000)
    assert y[0] == -1
    assert ax.get_xlabel() == "time (s)"


def test_a_mel_spectrogram_puts_a_band_at_its_frequency():
    from mmcourse.plotting.senses import _mel

    bands, frames = 40, 21
    ax = plotting.spectrogram(torch.zeros(bands, frames), sample_rate=8000, hop_length=80)
    left, right, bottom, top = ax.images[0].get_extent()
    assert (left, right) == pytest.approx((-0.005, 0.205))  # frame 0 is in the middle of its column, at 0 s
    centres = np.linspace(0, _mel(4000), bands + 2)[1:-1]  # of the triangles, evenly spaced in mel
    rows = np.linspace(bottom, top, bands + 1)
    np.testing.assert_allclose((rows[:-1] + rows[1:]) / 2, centres)
    ticks = dict(zip((tick.get_text() for tick in ax.get_yticklabels()), ax.get_yticks(), strict=True))
    assert ticks["1000"] == pytest.approx(1000, abs=1)  # 1000 mel is 1000 Hz
    assert ax.figure.axes[1].get_ylabel() == "power (dB)"


def test_a_linear_spectrogram_puts_a_bin_at_its_frequency():
    ax = plotting.spectrogram(
        torch.zeros(129, 5), sample_rate=8000, hop_length=80, scale="hz", first_frame=0.016
    )
    left, _, bottom, top = ax.images[0].get_extent()
    bin_width = 4000 / 128
    assert (bottom, top) == pytest.approx((-bin_width / 2, 4000 + bin_width / 2))
    assert left == pytest.approx(0.016 - 0.005)


def test_bars_show_the_mean_and_every_seed():
    ax = plotting.accuracy_bars({"image": [0.7, 0.8], "both": torch.tensor([0.9, 1.0])}, chance=0.1)
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([0.75, 0.95])
    assert [bar.get_facecolor()[:3] for bar in ax.patches] == [
        plt.matplotlib.colors.to_rgb(plotting.SENSE[sense][0]) for sense in ("image", "both")
    ]
    assert list(ax.lines[1].get_ydata()) == pytest.approx([0.9, 1.0])
    assert "chance" in [text.get_text() for text in ax.texts]


def test_curves_show_mean_spread_and_name():
    runs = np.array([[0.1, 0.4], [0.3, 0.8]])
    ax = plotting.learning_curves({"speech": runs})
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.2, 0.6])
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [1, 2])
    corners = ax.collections[0].get_paths()[0].vertices
    assert {(1, 0.1), (1, 0.3), (2, 0.4), (2, 0.8)} <= {tuple(corner) for corner in corners.round(9).tolist()}
    assert ax.texts[0].get_text() == "speech"


def test_labels_stay_inside_the_saved_picture():
    ax = plotting.learning_curves({"a rather long name": np.full((2, 3), 0.5), "both": np.full((2, 3), 0.51)})
    ax.figure.draw_without_rendering()
    for text in ax.texts:
        assert text.get_window_extent().x1 <= ax.figure.bbox.x1


def test_a_confusion_matrix_counts_rows_as_truth():
    counts = torch.tensor([[3, 1], [0, 4]])
    ax = plotting.confusion_matrix(counts, ["cat", "dog"])
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.75, 0.25], [0, 1]])
    assert [(text.get_position(), text.get_text()) for text in ax.texts] == [
        ((0, 0), "3"),
        ((1, 0), "1"),
        ((1, 1), "4"),
    ]
    assert ax.get_ylabel() == "true class"


def test_an_opinion_has_a_bar_a_class_and_marks_the_truth():
    probs = torch.full((10,), 0.05)
    probs[3] = 0.55
    ax = plotting.opinion(probs, DIGITS, sense="speech", truth=4)
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(probs.tolist())
    assert [label.get_fontweight() for label in ax.get_xticklabels()].index("bold") == 4


def test_a_grid_shows_every_picture_and_hides_empty_places():
    fig = plotting.image_grid(torch.rand(13, 1, 8, 8), titles=range(13), cols=5)
    assert len(fig.axes) == 15
    assert [ax.get_title() for ax in fig.axes if ax.images] == [str(index) for index in range(13)]
    assert not any(ax.axison for ax in fig.axes)


def test_colour_pictures_keep_their_colours():
    red = torch.zeros(3, 4, 5)
    red[0] = 1
    shown = plotting.image(red).images[0].get_array()
    assert shown.shape == (4, 5, 3)
    assert (shown[..., 0] == 1).all()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plotting.image(torch.zeros(2, 1, 8, 8)), r"got \[2, 1, 8, 8\]. Take one picture"),
        (lambda: plotting.waveform(torch.zeros(2, 8), 8000), r"got \[2, 8\]. Take one clip"),
        (lambda: plotting.spectrogram(torch.zeros(2, 8, 8), 8000, 80), r"got \[2, 8, 8\]"),
        (lambda: plotting.spectrogram(torch.zeros(8, 8), 8000, 80, scale="bark"), "got 'bark'"),
        (lambda: plotting.learning_curves({"both": [0.1, 0.2]}), r"shape \[seed, point\], got \[2\]"),
        (lambda: plotting.confusion_matrix(np.zeros((2, 2)), DIGITS), r"shape \[10, 10\], got"),
        (lambda: plotting.opinion(np.zeros(9), DIGITS), r"got shape \[9\]"),
        (lambda: plotting.accuracy_bars({f"model {i}": [0.5] for i in range(6)}), "only 5 looks"),
    ],
)
def test_a_wrong_shape_is_named(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_the_map_holds_each_of_seventeen_lessons_once_and_marks_one():
    ax = plotting.course_map(here=5)
    numbers = [int(text.get_text()) for text in ax.texts if text.get_text().isdigit()]
    assert sorted(numbers) == list(range(17))
    rims = [patch.get_linewidth() for patch in ax.patches]
    assert numbers[rims.index(max(rims))] == 5
    assert rims.count(max(rims)) == 1


def test_words_stand_in_for_a_figure():
    ax = plotting.figure()[1]
    plotting.empty(ax, "muted")
    assert [text.get_text() for text in ax.texts] == ["muted"]
    assert not ax.axison


def test_figures_leave_the_callers_settings_alone():
    before = plt.rcParams.copy()
    plotting.waveform(torch.zeros(100), 8000)
    assert plt.rcParams == before
