"""Panels: a control changes the picture and the sound, nothing stays open, a picture is stored."""

import base64
import re

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import TwoSenses
from mmcourse.modules.speech_models import SpeechCNN
from mmcourse.widgets import inspect_pairs, mute_panel
from mmcourse.widgets import stage as stage_module
from mmcourse.widgets.stage import picture, player, slider, stage

RATE = 8000


class Samples(torch.utils.data.Dataset):
    """Two classes, five samples, clips of 0.1 to 0.14 s."""

    sample_rate, classes = RATE, ["zero", "one"]

    def __len__(self):
        return 5

    def __getitem__(self, index):
        generator = torch.Generator().manual_seed(index)
        return {
            "image": torch.rand(1, 8, 8, generator=generator),
            "speech": 0.1 * torch.randn(800 + 80 * index, generator=generator),
            "label": index % 2,
            "speaker": f"voice{index}",
        }


class Shown:
    """What a cell displayed: the widgets, and what each display handle shows at the moment."""

    def __init__(self):
        self.controls, self.handles, self.updates = [], [], 0

    def display(self, thing, display_id=None):
        if display_id is None:
            self.controls += thing.children
            return None
        self.handles.append(thing)
        return Handle(self, len(self.handles) - 1)

    def control(self, words):
        return next(control for control in self.controls if words in control.description)

    def png(self):
        return self.handles[0].data

    def wave(self):
        wav = base64.b64decode(re.search(r"base64,([^\"]+)", self.handles[1]._repr_html_())[1])
        return np.frombuffer(wav[44:], dtype="<i2")


class Handle:
    def __init__(self, shown, place):
        self.shown, self.place = shown, place

    def update(self, thing):
        self.shown.handles[self.place] = thing
        self.shown.updates += 1


@pytest.fixture
def shown(monkeypatch):
    plt.switch_backend("agg")
    shown = Shown()
    monkeypatch.setattr(stage_module, "display", shown.display)
    yield shown
    assert plt.get_fignums() == []


def corrupt(sample, image_noise, snr_db, generator):
    noise = torch.randn(sample["speech"].shape, generator=generator)
    speech = sample["speech"] * 10 ** (snr_db / 20) + 0.01 * noise
    return {**sample, "image": sample["image"] * (1 - image_noise), "speech": speech}


def prepare(samples):
    (sample,) = samples
    speech = sample["speech"][:400].reshape(1, 40, 10)
    return {"image": sample["image"][None], "speech": speech, "lengths": torch.tensor([10])}


@pytest.fixture
def model():
    torch.manual_seed(0)
    return TwoSenses(ImageCNN(), SpeechCNN(), classes=2)


def test_the_inspector_shows_and_plays_the_chosen_sample(shown):
    inspect_pairs(Samples())
    first = shown.png()
    assert first.startswith(b"\x89PNG")
    assert len(shown.wave()) == 800
    shown.control("sample").value = 2
    assert shown.png() != first
    assert len(shown.wave()) == 800 + 4 * 80  # the third sample of class zero has index 4


def test_the_inspector_offers_only_samples_of_the_class(shown):
    inspect_pairs(Samples())
    sample, label = shown.control("sample"), shown.control("class")
    assert [name for name, _ in label.options] == ["zero", "one"]
    assert sample.max == 2
    sample.value = 2
    label.value = 1
    assert (sample.max, sample.value) == (1, 1)
    assert len(shown.wave()) == 800 + 3 * 80
    label.value = 0
    assert sample.max == 2


def test_a_muted_sound_is_silent_and_a_muted_picture_is_not_drawn(shown, model):
    mute_panel(model, Samples(), corrupt, prepare, image_noise=0.1, snr_db=0)
    muted, before = shown.control("mute"), shown.png()
    assert np.abs(shown.wave()).max() > 0
    muted.value = "speech"
    assert np.abs(shown.wave()).max() == 0
    without_sound = shown.png()
    muted.value = "image"
    assert len({before, without_sound, shown.png()}) == 3
    assert np.abs(shown.wave()).max() > 0


@pytest.mark.parametrize(("control", "value"), [("sample", 3), ("picture", 0.9), ("babble", 10)])
def test_each_dial_of_the_mute_panel_moves_the_figure(shown, model, control, value):
    mute_panel(model, Samples(), corrupt, prepare, image_noise=0.1, snr_db=0)
    before = shown.png()
    shown.control(control).value = value
    assert shown.png() != before
    assert model.training  # the panel looked without dropout, and put the mode back


def test_the_same_place_of_the_dials_shows_the_same_noise(shown, model):
    mute_panel(model, Samples(), corrupt, prepare, image_noise=0.1, snr_db=0)
    first, wave = shown.png(), shown.wave()
    shown.control("sample").value = 3
    shown.control("sample").value = 0
    assert shown.png() == first
    np.testing.assert_array_equal(shown.wave(), wave)


def test_many_moves_leave_no_figure_open(shown):
    inspect_pairs(Samples())
    for _ in range(12):
        shown.control("sample").value = 1
        shown.control("sample").value = 0
    assert shown.updates == 48  # a picture and a sound at every move
    assert plt.get_fignums() == []


def test_a_stage_without_sound_has_one_picture(shown):
    control = slider("size", 1, 3, 1, 2)
    stage(lambda size: plt.figure(figsize=(size, 1)), {"size": control}, alt="an empty figure")
    assert len(shown.handles) == 1
    before = shown.png()
    control.value = 3
    assert shown.png() != before


def test_a_picture_is_a_png_with_words_for_it():
    plt.switch_backend("agg")
    data, metadata = picture(plt.figure(figsize=(2, 1)), "a blank page")._repr_mimebundle_()
    assert set(data) == {"image/png"}
    assert metadata["image/png"]["alt"] == "a blank page"
    assert plt.get_fignums() == []


def test_a_sound_beyond_full_scale_is_turned_down_and_others_keep_their_loudness():
    def peak(wave):
        wav = base64.b64decode(re.search(r"base64,([^\"]+)", player(wave, RATE)._repr_html_())[1])
        return np.abs(np.frombuffer(wav[44:], dtype="<i2")).max() / 32767

    assert peak(torch.tensor([0.0, 3.0, -2.0])) == pytest.approx(1, abs=1e-3)
    assert peak(torch.tensor([0.0, 0.25])) == pytest.approx(0.25, abs=1e-3)
    assert peak(torch.zeros(10)) == 0


def test_sliders_wait_for_the_hand_to_let_go():
    whole, real = slider("index", 0, 5, 1, 2), slider("noise", 0.0, 1.0, 0.05, 0.4)
    assert isinstance(whole, ipywidgets.IntSlider)
    assert isinstance(real, ipywidgets.FloatSlider)
    assert not whole.continuous_update
    assert real.value == 0.4
