"""Models of two and three senses whose use of each is known, and tables for them."""

import torch
from torch import nn


class Known(nn.Module):
    """Logits by a formula of a batch's columns; a parameter, so that it has a device."""

    def __init__(self, formula):
        super().__init__()
        self.formula = formula
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, batch, muted=None):
        present = batch.get("present")
        columns = {}
        for number, sense in enumerate(("image", "speech", "touch")):
            if sense in batch:
                x = batch[sense]
                if present is not None:
                    x = torch.where(present[:, number, None], x, 0)
                columns[sense] = torch.zeros_like(x) if muted == sense else x
        return self.formula(**columns)


def table_of(rows=400, seed=0, **noise):
    """Columns of one-hot labels with noise of some strength, one a sense."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.randint(4, (rows,), generator=generator)
    hot = torch.eye(4)[label]
    return {"label": label} | {
        sense: hot + strength * torch.randn(rows, 4, generator=generator) for sense, strength in noise.items()
    }


def xor_table(rows=200):
    """Two signs whose product is the label."""
    generator = torch.Generator().manual_seed(1)
    image, speech = (torch.randint(2, (rows, 1), generator=generator).float() * 2 - 1 for _ in range(2))
    return {"image": image, "speech": speech, "label": (image * speech > 0).long().flatten()}


def product(image, speech):
    return torch.cat([-image * speech, image * speech], dim=1)
