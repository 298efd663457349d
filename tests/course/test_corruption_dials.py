"""The corruption dials: each does what it says, and the figure and the sound follow."""

import matplotlib.pyplot as plt
import pytest
import torch
from IPython.display import Audio, Image

from mmcourse import data
from mmcourse.widgets import corruption as dials
from mmcourse.widgets import stage as stage_module
from mmcourse.widgets.corruption import Damage, corrupt

RATE = 8000
SENSES = ("image", "speech", "both")


class Samples(list):
    """Samples with what every part of a data set has."""

    sample_rate = RATE
    classes = ("0", "1", "2")


@pytest.fixture
def samples() -> Samples:
    g = torch.Generator().manual_seed(0)
    return Samples(
        {
            "image": torch.rand(1, 8, 8, generator=g),
            "speech": 0.1 * torch.randn(2400, generator=g),
            "label": n,
        }
        for n in range(3)
    )


@pytest.fixture
def voices() -> list[torch.Tensor]:
    return list(torch.randn(4, 1000, generator=torch.Generator().manual_seed(1)))


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


@pytest.mark.parametrize("kind", dials.NOISES)
@pytest.mark.parametrize("snr_db", [20, 0, -10])
def test_the_snr_asked_for_is_the_snr_measured(samples, voices, kind, snr_db):
    noisy = corrupt(samples[0], Damage(noise=kind, snr_db=snr_db), voices, generator())
    measured = data.corruption.snr_db(samples[0]["speech"], noisy["speech"])
    assert measured.item() == pytest.approx(snr_db, abs=0.01)


def test_no_damage_changes_nothing_and_damage_leaves_its_input_alone(samples, voices):
    before = {name: torch.as_tensor(value).clone() for name, value in samples[0].items()}
    same = corrupt(samples[0], Damage(), voices, generator())
    corrupt(samples[0], Damage(0.5, 1.0, 0.3, "babble", 0), voices, generator())
    for name, value in before.items():
        assert torch.equal(torch.as_tensor(same[name]), value)
        assert torch.equal(torch.as_tensor(samples[0][name]), value)


@pytest.mark.parametrize(
    "damage",
    [Damage(image_noise=0.3), Damage(blur=1.0), Damage(occluded=0.4)],
    ids=["noise", "blur", "covered"],
)
def test_a_picture_dial_changes_the_picture_and_only_the_picture(samples, voices, damage):
    changed = corrupt(samples[0], damage, voices, generator())
    assert not torch.equal(changed["image"], samples[0]["image"])
    assert changed["image"].min() >= 0
    assert changed["image"].max() <= 1
    assert torch.equal(changed["speech"], samples[0]["speech"])


def test_the_generator_decides_the_damage(samples, voices):
    damage = Damage(0.3, 0, 0.2, "white", 5)
    one, again = (corrupt(samples[0], damage, voices, generator()) for _ in range(2))
    other = corrupt(samples[0], damage, voices, torch.Generator().manual_seed(8))
    for sense in ("image", "speech"):
        assert torch.equal(one[sense], again[sense])
        assert not torch.equal(one[sense], other[sense])


def test_turning_one_dial_does_not_change_what_another_one_drew(samples, voices):
    one = corrupt(samples[0], Damage(0.3, 0, 0.0, "white", 5), voices, generator())
    covered = corrupt(samples[0], Damage(0.3, 0, 0.2, "white", 5), voices, generator())
    babble = corrupt(samples[0], Damage(0.3, 0, 0.0, "babble", 5), voices, generator())
    assert torch.equal(one["speech"], covered["speech"])
    assert (one["image"] == covered["image"]).float().mean() > 0.7  # all but what is covered
    assert torch.equal(one["image"], babble["image"])


def test_an_unknown_noise_is_refused_by_name():
    with pytest.raises(ValueError, match="white, pink, babble; got 'brown'"):
        Damage(noise="brown")


class Model(torch.nn.Module):
    """Says how bright the picture is and how loud the sound, and whether it was asked in training mode."""

    def __init__(self):
        super().__init__()
        self.asked_in_training = []

    def forward(self, batch):
        self.asked_in_training.append(self.training)
        return torch.stack([batch["image"].mean() * 10, batch["speech"].std(), torch.tensor(0.0)])[None]


def test_a_dial_redraws_the_figure_and_the_sound(samples, voices, monkeypatch):
    shown = []

    class Handle:
        def __init__(self, first):
            self.seen = [first]

        def update(self, new):
            self.seen.append(new)

    def display(thing, display_id=None):
        shown.append(Handle(thing))
        return shown[-1]

    monkeypatch.setattr(stage_module, "display", display)
    models = {sense: Model() for sense in SENSES}
    dials.corruption_panel(
        models, samples, voices, data_of, start=Damage(image_noise=0.2, noise="pink", snr_db=10)
    )
    controls, figure, sound = shown
    by_name = {control.description: control for control in controls.seen[0].children}
    for name, value in {"noise in the picture": 0.8, "speech : noise (dB)": -10, "sample": 2}.items():
        by_name[name].value = value
    by_name["noise in the sound"].value = "babble"
    assert [type(seen) for seen in (figure.seen[0], sound.seen[0])] == [Image, Audio]
    assert len({seen.data for seen in figure.seen}) == 5  # the first one, and one for each change
    assert len({seen.data for seen in sound.seen}) == 4  # noise in the picture is not heard
    assert not any(models["both"].asked_in_training)
    assert models["both"].training
    assert not plt.get_fignums()


def data_of(samples: list[dict]) -> dict:
    return {name: torch.stack([sample[name] for sample in samples]) for name in ("image", "speech")}


def test_the_figure_says_who_is_right(samples):
    probs = {
        "image": torch.tensor([0.1, 0.8, 0.1]),
        "speech": torch.tensor([0.7, 0.2, 0.1]),
        "both": torch.tensor([0.2, 0.5, 0.3]),
    }
    figure = dials.draw_opinions(samples[1], probs, RATE, samples.classes)
    titles = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    plt.close(figure)
    assert titles[3:] == ["image: 1 (right)", "speech: 0 (it is 1)", "both: 1 (right)"]
