"""Each corruption is as strong as it says, changes no input, and repeats by its generator."""

from itertools import pairwise

import pytest
import torch
import torchaudio.functional

from mmcourse.data import corruption
from mmcourse.errors import CourseError


def _speech(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(9)) * 0.1


def _image(*shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(8))


CALLS = {
    "gaussian_noise": lambda g: (corruption.gaussian_noise, _image(2, 1, 9, 8), 0.3, g),
    "blur": lambda g: (corruption.blur, _image(2, 1, 9, 8), 1.5),
    "no blur": lambda g: (corruption.blur, _image(2, 1, 9, 8), 0.0),
    "occlude": lambda g: (corruption.occlude, _image(2, 1, 9, 8), 0.3, g),
    "occlude nothing": lambda g: (corruption.occlude, _image(2, 1, 9, 8), 0.0, g),
    "mix": lambda g: (corruption.mix, _speech(400), corruption.white_noise(500, g), 3.0),
    "mix padded": lambda g: (
        corruption.mix,
        _speech(2, 400),
        corruption.white_noise(400, g),
        3.0,
        torch.tensor([300, 400]),
    ),
    "clip": lambda g: (corruption.clip, _speech(400), 0.5),
    "time_shift": lambda g: (corruption.time_shift, _speech(400), 30),
    "no time_shift": lambda g: (corruption.time_shift, _speech(400), 0),
    "drop_frames": lambda g: (corruption.drop_frames, _speech(400), 0.5, 40, g),
    "babble": lambda g: (lambda voice: corruption.babble([voice], 900, g), _speech(400)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_input_is_not_changed_nor_shared_and_the_result_repeats(call, generator):
    function, given, *rest = call(generator)
    before = given.clone()
    result = function(given, *rest)
    assert torch.equal(given, before)
    result.fill_(7)  # a view of the input would carry this back
    assert torch.equal(given, before)
    function, given, *rest = call(torch.Generator().manual_seed(5))
    again, fresh, *others = call(torch.Generator().manual_seed(5))
    assert torch.equal(function(given, *rest), again(fresh, *others))


@pytest.mark.parametrize("std", [0.05, 0.4, 1.0])
def test_image_noise_has_the_standard_deviation_asked_for(std, generator):
    image = _image(1, 200, 200)
    noise = corruption.gaussian_noise(image, std, generator) - image
    assert noise.std().item() == pytest.approx(std, rel=0.02)
    assert abs(noise.mean().item()) < 0.02 * std


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_blur_spreads_a_point_by_sigma(sigma):
    point = torch.zeros(1, 41, 41)
    point[0, 20, 20] = 1
    spread = corruption.blur(point, sigma)[0]
    assert spread.sum().item() == pytest.approx(1, abs=1e-4)
    places = torch.arange(41.0) - 20
    variance = (spread.sum(0) * places.square()).sum()
    assert variance.sqrt().item() == pytest.approx(sigma, rel=0.08)  # pixels are coarse at half a pixel


def test_blur_stronger_than_a_small_picture_still_works():
    assert corruption.blur(_image(1, 8, 8), 10.0).std() < 0.5 * _image(1, 8, 8).std()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 1, 28, 28), (1, 30, 12)])
def test_occlusion_covers_the_share_asked_for(share, shape, generator):
    image = _image(*shape)
    covered = corruption.occlude(image, share, generator, value=2.0) == 2.0
    area = shape[-1] * shape[-2]
    assert abs(covered.float().mean().item() - share) <= 0.5 * shape[-2] / area + 1e-6
    rows, columns = (
        covered.reshape(-1, *shape[-2:])[0].any(1).sum(),
        covered.reshape(-1, *shape[-2:])[0].any(0).sum(),
    )
    assert rows * columns == covered.reshape(-1, *shape[-2:])[0].sum()  # one rectangle


def test_occlusion_goes_everywhere(generator):
    image = torch.zeros(1, 8, 8)
    seen = sum(corruption.occlude(image, 0.25, generator, value=1.0) for _ in range(200))
    assert seen.min() > 0


@pytest.mark.parametrize("snr_db", [-10.0, -3.0, 0.0, 10.0, 40.0])
@pytest.mark.parametrize("kind", ["white", "pink", "babble"])
def test_measured_snr_is_the_snr_asked_for(sets, snr_db, kind, generator):
    speech = sets.test[3]["speech"]
    noise = {
        "white": lambda: corruption.white_noise(len(speech), generator),
        "pink": lambda: corruption.pink_noise(len(speech), generator),
        "babble": lambda: corruption.babble(sets.train.recordings().waveforms, len(speech), generator),
    }[kind]()
    noisy = corruption.mix(speech, noise, snr_db)
    added = noisy - speech
    measured = 10 * torch.log10(speech.square().mean() / added.square().mean())
    assert measured.item() == pytest.approx(snr_db, abs=0.02)
    assert corruption.snr_db(speech, noisy).item() == pytest.approx(snr_db, abs=0.02)


def test_mix_agrees_with_torchaudio_on_padded_batches(generator):
    speech, lengths = _speech(3, 500), torch.tensor([500, 120, 333])
    speech = speech * (torch.arange(500) < lengths[:, None])
    noise = corruption.white_noise(1500, generator).reshape(3, 500)
    got = corruption.mix(speech, noise, 5.0, lengths)
    wanted = torchaudio.functional.add_noise(speech, noise, torch.full((3,), 5.0), lengths)
    valid = torch.arange(500) < lengths[:, None]
    torch.testing.assert_close(got, wanted * valid)  # torchaudio adds noise to padding too
    assert got[1, 120:].abs().max() == 0


def test_padding_does_not_change_the_mix(generator):
    speech, noise = _speech(1, 200), corruption.white_noise(300, generator)
    padded = torch.cat([speech, torch.full((1, 100), float("nan"))], dim=1)
    got = corruption.mix(padded, noise, 0.0, torch.tensor([200]))
    torch.testing.assert_close(got[:, :200], corruption.mix(speech, noise, 0.0))


def _power_per_octave(noise):
    power = torch.fft.rfft(noise.double()).abs().square()
    edges = [2**k for k in range(6, 15)]
    return torch.stack([power[a:b].mean() for a, b in pairwise(edges)])


@pytest.mark.parametrize(("make", "slope"), [(corruption.white_noise, 0.0), (corruption.pink_noise, -3.01)])
def test_noise_has_unit_power_and_its_colour(make, slope, generator):
    noise = make(32_768, generator)
    assert noise.square().mean().item() == pytest.approx(1, abs=1e-4)
    decibels = 10 * _power_per_octave(noise).log10()
    assert (decibels.diff().mean() - slope).abs() < 0.4


def test_babble_is_many_voices_of_unit_power(sets, generator):
    voices = sets.train.recordings().waveforms
    noise = corruption.babble(voices, 20_000, generator)
    assert noise.square().mean().item() == pytest.approx(1, abs=1e-4)
    # One voice pauses, six at once hardly: the quiet moments fill up.
    one = corruption.babble(voices, 20_000, generator, count=1)
    assert noise.abs().kthvalue(2000).values > 3 * one.abs().kthvalue(2000).values


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
def test_clipping_cuts_at_the_share_of_the_peak(level):
    speech = _speech(2, 1000)
    clipped = corruption.clip(speech, level)
    torch.testing.assert_close(clipped.abs().amax(-1), level * speech.abs().amax(-1))
    inside = speech.abs() < level * speech.abs().amax(-1, keepdim=True)
    assert torch.equal(clipped[inside], speech[inside])


@pytest.mark.parametrize("samples", [0, 7, -7, 99, 100, -250])
def test_time_shift_moves_and_fills_with_silence(samples):
    speech = torch.arange(1.0, 101.0)
    shifted = corruption.time_shift(speech, samples)
    wanted = [speech[i - samples].item() if 0 <= i - samples < 100 else 0.0 for i in range(100)]
    assert shifted.tolist() == wanted


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_dropout_silences_the_share_of_frames(share, generator):
    speech = torch.ones(2, 1000)
    frames = corruption.drop_frames(speech, share, 20, generator).reshape(2, 50, 20)
    assert set(frames.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(frames.amin(-1), frames.amax(-1))  # whole frames
    assert (frames.amax(-1) == 0).float().mean(-1).tolist() == pytest.approx([share] * 2)


WRONG = {
    "std": (lambda g: corruption.gaussian_noise(_image(1, 4, 4), -1, g), "std must be 0 or more, got -1"),
    "sigma": (lambda g: corruption.blur(_image(1, 4, 4), float("nan")), "sigma must be 0 or more, got nan"),
    "share": (lambda g: corruption.occlude(_image(1, 4, 4), 25, g), r"share must lie in 0\.\.1 .*got 25"),
    "frames": (lambda g: corruption.drop_frames(_speech(9), -0.1, 3, g), r"share must lie in 0\.\.1"),
    "level": (lambda g: corruption.clip(_speech(9), 0), "level must be above 0 and at most 1"),
    "short noise": (
        lambda g: corruption.mix(_speech(9), _speech(8), 0),
        "noise has 8 samples and the speech 9",
    ),
    "silent speech": (lambda g: corruption.mix(torch.zeros(9), _speech(9), 0), "Speech or noise is silent"),
    "silent noise": (lambda g: corruption.mix(_speech(9), torch.zeros(9), 0), "Speech or noise is silent"),
    "no voices": (lambda g: corruption.babble([], 9, g), "Babble needs at least one voice, got none"),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_amount_out_of_range_gets_a_sentence(call, words, generator):
    with pytest.raises(CourseError, match=words):
        call(generator)


def test_every_clip_of_a_batch_has_its_own_length_whatever_axes_it_has(generator):
    speech, noise = torch.rand(2, 2, 10, generator=generator) + 0.1, torch.ones(2, 2, 10)
    got = corruption.mix(speech, noise, 0.0, torch.tensor([5, 10]))
    assert got[0, :, 5:].eq(0).all()  # both channels of the short clip
    for clip, length in enumerate((5, 10)):
        alone = corruption.mix(speech[clip, :, :length], noise[clip, :, :length], 0.0)
        torch.testing.assert_close(got[clip, :, :length], alone)


def test_every_clip_of_a_batch_may_have_its_own_snr(generator):
    speech, noise = torch.randn(4, 4, generator=generator), torch.randn(4, 4, generator=generator)
    asked = torch.tensor([0.0, 10.0, 20.0, 30.0])
    for given in (asked, asked[:, None]):
        torch.testing.assert_close(
            corruption.snr_db(speech, corruption.mix(speech, noise, given)), asked, atol=1e-3, rtol=0
        )


@pytest.mark.parametrize("name", ["snr_db", "lengths"])
def test_a_value_for_another_number_of_clips_is_refused(name, generator):
    speech = torch.randn(3, 100, generator=generator)
    options = {"snr_db": 0.0, name: torch.tensor([5, 6])}
    with pytest.raises(CourseError, match=rf"{name} must have one entry for each clip .* got \[2, 1\]"):
        corruption.mix(speech, speech, **options)


def test_what_stands_in_dropped_frames_and_padding_does_not_matter(generator):
    broken = torch.full((1, 40), torch.nan)
    assert corruption.drop_frames(broken, 1.0, 10, generator).eq(0).all()
    noise = torch.ones(1, 40)
    noise[:, 20:] = torch.nan
    assert corruption.mix(torch.ones(1, 40), noise, 0.0, torch.tensor([20])).isfinite().all()
