"""Weights of heads by how they overfit, right and as people get them wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def parts(train_before, val_before, train_after, val_after):
    gain = val_before - val_after
    return gain, (val_after - train_after) - (val_before - train_before)


def normal(x):
    return x / x.sum()


def weights(*given):
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / over.abs().clamp(min=0.01) ** 2)


def not_squared(*given):
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / over.abs().clamp(min=0.01))


def not_normal(*given):
    gain, over = parts(*given)
    return gain.clamp(min=0) / over.abs().clamp(min=0.01) ** 2


def softmax(*given):
    gain, over = parts(*given)
    return (gain.clamp(min=0) / over.abs().clamp(min=0.01) ** 2).softmax(0)


def upside_down(*given):
    gain, over = parts(*given)
    return normal(over.abs() ** 2 / gain.clamp(min=0.01))


def train_gain(train_before, val_before, train_after, val_after):
    gain, over = train_before - train_after, parts(train_before, val_before, train_after, val_after)[1]
    return normal(gain.clamp(min=0) / over.abs().clamp(min=0.01) ** 2)


def exchanged(train_before, val_before, train_after, val_after):
    """Before and after turned."""
    return weights(train_after, val_after, train_before, val_before)


def gap_now(train_before, val_before, train_after, val_after):
    """The gap at the end, not its growth."""
    gain = val_before - val_after
    return normal(gain.clamp(min=0) / (val_after - train_after).abs().clamp(min=0.01) ** 2)


def no_floor(*given):
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / over**2)


def negative_kept(*given):
    gain, over = parts(*given)
    return normal(gain / over.abs().clamp(min=0.01) ** 2)


def over_clamped(*given):
    """A shrinking gap counts as none."""
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / over.clamp(min=0.01) ** 2)


def floor_after(*given):
    """The floor on the square."""
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / (over**2).clamp(min=0.01))


def added_floor(*given):
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) / (over.abs() + 0.01) ** 2)


def gain_only(*given):
    return normal(parts(*given)[0].clamp(min=0))


def over_only(*given):
    return normal(1 / parts(*given)[1].abs().clamp(min=0.01) ** 2)


def gain_squared(*given):
    gain, over = parts(*given)
    return normal(gain.clamp(min=0) ** 2 / over.abs().clamp(min=0.01) ** 2)


def best_alone(*given):
    found = weights(*given)
    return torch.nn.functional.one_hot(found.argmax(), len(found)).to(found)


def by_length(*given):
    found = weights(*given)
    return found * len(found)


def by_root(*given):
    """Of length 1 in the other sense of the word."""
    found = not_normal(*given)
    return found / found.norm()


def gain_size(*given):
    """A loss that grew counts as a gain."""
    gain, over = parts(*given)
    return normal(gain.abs() / over.abs().clamp(min=0.01) ** 2)


def training_only(train_before, val_before, train_after, val_after):
    """O from the training losses alone."""
    gain = (val_before - val_after).clamp(min=0)
    return normal(gain / (train_before - train_after).abs().clamp(min=0.01) ** 2)


def relative_gain(train_before, val_before, train_after, val_after):
    """The gain as a share of the loss before."""
    gain, over = parts(train_before, val_before, train_after, val_after)
    return normal((gain / val_before).clamp(min=0) / over.abs().clamp(min=0.01) ** 2)


def added_gaps(train_before, val_before, train_after, val_after):
    """The two gaps added up."""
    gain = (val_before - val_after).clamp(min=0)
    over = (val_after - train_after) + (val_before - train_before)
    return normal(gain / over.abs().clamp(min=0.01) ** 2)


def no_brackets(train_before, val_before, train_after, val_after):
    """The minus reaches the first loss of the gap before alone."""
    gain = (val_before - val_after).clamp(min=0)
    over = val_after - train_after - val_before - train_before
    return normal(gain / over.abs().clamp(min=0.01) ** 2)


def validation_only(train_before, val_before, train_after, val_after):
    """O from the validation losses alone."""
    gain = val_before - val_after
    return normal(gain.clamp(min=0) / gain.abs().clamp(min=0.01) ** 2)


def gap_before(train_before, val_before, train_after, val_after):
    gain = (val_before - val_after).clamp(min=0)
    return normal(gain / (val_before - train_before).abs().clamp(min=0.01) ** 2)


def gain_floor(*given):
    """The floor of O under G too."""
    gain, over = parts(*given)
    return normal(gain.clamp(min=0.01) / over.abs().clamp(min=0.01) ** 2)


def by_largest(*given):
    found = not_normal(*given)
    return found / found.max()
