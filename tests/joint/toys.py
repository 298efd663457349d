"""Two small senses to learn from: a picture that tells two classes apart well, a sound the third."""

import torch
from torch import nn

from mmcourse.joint import JointModel
from mmcourse.training import Batches

CLASSES = 3


class See(nn.Module):
    """A picture [batch, 1, 2, 2] to some numbers."""

    def __init__(self, features=4):
        super().__init__()
        self.features = features
        self.linear = nn.Linear(4, features)

    def forward(self, image):
        return self.linear(image.flatten(1))


class Hear(nn.Module):
    """A clip [batch, 3, time] to some numbers, by the mean over its own frames; lengths must be 1 or more."""

    def __init__(self, features=5):
        super().__init__()
        self.features = features
        self.linear = nn.Linear(3, features)
        self.dropout = nn.Dropout(0.2)

    def forward(self, speech, lengths):
        assert lengths.min() >= 1
        frames = torch.arange(speech.shape[-1]) < lengths[:, None]
        mean = speech.masked_fill(~frames[:, None], 0).sum(-1) / lengths[:, None]
        return self.dropout(self.linear(mean))


def make_table(rows=40, seed=0, spread=1.0):
    generator = torch.Generator().manual_seed(seed)
    label = torch.randint(CLASSES, (rows,), generator=generator)
    image = spread * torch.randn(rows, 1, 2, 2, generator=generator)
    image[:, 0, 0, 0] += 2.0 * (label == 0)
    image[:, 0, 1, 1] += 2.0 * (label == 1)
    speech = spread * torch.randn(rows, 3, 4, generator=generator)
    speech[torch.arange(rows), label] += 1.0
    lengths = torch.randint(1, 5, (rows,), generator=generator)
    return {"image": image, "speech": speech, "lengths": lengths, "label": label}


def batches(rows=40, seed=0, shuffle=None, size=8):
    return Batches(make_table(rows, seed), size, seed=shuffle)


def make_model(seed=0, **options):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return JointModel({"image": See(), "speech": Hear()}, CLASSES, **{"hidden": 6, **options})
