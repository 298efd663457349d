"""One number at every crossing of two dials: senses missing in training and in test, noise of both senses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.data.progress import bar
from mmcourse.evaluation.prediction import predict
from mmcourse.metrics import accuracy
from mmcourse.training import Batches


@dataclass(frozen=True)
class Grid:
    """Numbers at the crossings of two dials.

    rows, cols            settings of the dials, and what they are called
    values                [row, col]
    """

    row_name: str
    rows: tuple
    col_name: str
    cols: tuple
    values: Float[Tensor, "row col"]

    def __str__(self) -> str:
        head = f"{self.row_name} ↓ {self.col_name} →"
        lines = [[head, *(_word(col) for col in self.cols)]]
        for row, values in zip(self.rows, self.values.tolist(), strict=True):
            lines.append([_word(row), *(f"{value:.3f}" for value in values)])
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        )

    __repr__ = __str__


def grid(
    rows: Mapping[str, Iterable[Hashable]] | Mapping[str, Mapping],
    cols: Mapping[str, Iterable[Hashable]],
    measure: Callable[[object, object], float],
) -> Grid:
    """Measure at every crossing, row by row.

    rows, cols  one dial each, {name: settings}
    measure     (row's setting, col's setting) -> number
    Raises      ValueError for a dial without settings
    """
    (row_name, row_settings), (col_name, col_settings) = _dial(rows), _dial(cols)
    values = torch.empty(len(row_settings), len(col_settings), dtype=torch.float64)
    with bar(total=values.numel(), unit="field", leave=False) as progress:
        for i, row in enumerate(row_settings):
            for j, col in enumerate(col_settings):
                values[i, j] = measure(row, col)
                progress.update()
    return Grid(row_name, row_settings, col_name, col_settings, values)


def drop_senses(
    table: dict[str, Tensor], rate: float | Sequence[float], *, senses: Sequence[str], seed: int
) -> dict[str, Tensor]:
    """Say in a table's "present" that senses are missing, at random; one sense of each example stays.

    rate     share of the examples that lack this sense, one for all senses or one for each. Each sense is
             drawn by itself: at 0.25, 44 % of the examples lack one of two. Where an example would lack all,
             one of them, drawn evenly, is kept
    senses   in the order of the columns of "present"
    Returns  another table with "present" [example, sense]
    Raises   ValueError for a rate off 0..1, or not as many as senses
    """
    rates = torch.as_tensor(rate, dtype=torch.float64).expand(len(senses)) if _one(rate) else None
    if rates is None:
        if len(rate) != len(senses):
            raise ValueError(f"one rate a sense: {len(senses)} senses and {len(rate)} rates.")
        rates = torch.as_tensor(rate, dtype=torch.float64)
    if not ((rates >= 0) & (rates <= 1)).all():
        raise ValueError(f"a rate is a share of the examples, 0..1; got {rate}.")
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.rand(len(table["label"]), len(senses), generator=generator, dtype=torch.float64)
    stays = torch.randint(len(senses), (len(drawn),), generator=generator)
    present = drawn >= rates
    none = ~present.any(dim=1)
    present[none, stays[none]] = True
    return table | {"present": present}


def missing_sense_grid(
    models: Mapping[float, nn.Module],
    table: dict[str, Tensor],
    *,
    rates: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0),
    senses: Sequence[str] = ("image", "speech"),
    which: str | None = None,
    seed: int = 0,
    measure: Callable[[Tensor, Tensor], float] = accuracy,
) -> Grid:
    """Test models that were trained with senses missing at some rate, with senses missing at others.

    models   rate at which each sense was missing in training -> model; it looks at batch["present"]
    rates    the same in test
    which    the sense that is missing, or None for any
    Returns  rows: rate in training; columns: rate in test. All models are tested on the same draws.
    Raises   ValueError for no models, a rate off 0..1, or a sense that is none of `senses`
    """
    if which is not None and which not in senses:
        raise ValueError(f"which is one of {', '.join(senses)}, or None for any; got {which!r}.")

    def tested(rate: float) -> dict[str, Tensor]:
        each = rate if which is None else [rate if sense == which else 0.0 for sense in senses]
        return drop_senses(table, each, senses=senses, seed=seed)

    tables = {rate: tested(rate) for rate in rates}
    return grid(
        {"missing in training": models},
        {"missing in test": rates},
        lambda train, test: measure(*predict(models[train], Batches(tables[test], 256))),
    )


def noise_grid(
    model: nn.Module,
    tables: Callable[[float, float | None], dict[str, Tensor]],
    *,
    image_noise: Sequence[float],
    snr_db: Sequence[float | None],
    measure: Callable[[Tensor, Tensor], float] = accuracy,
) -> Grid:
    """Test a model at every pair of image noise and speech-to-noise ratio.

    tables       (image noise, ratio) -> test table at that noise, standardised by the training set that the
                 model knows; None for a ratio is no noise
    image_noise  standard deviations, of pixels in 0..1
    snr_db       ratios in dB
    Returns      rows: image noise; columns: ratio
    """
    return grid(
        {"image noise σ": image_noise},
        {"speech-to-noise ratio (dB)": snr_db},
        lambda noise, ratio: measure(*predict(model, Batches(tables(noise, ratio), 256))),
    )


def _one(rate: object) -> bool:
    return not hasattr(rate, "__len__")


def _dial(dial: Mapping[str, Iterable]) -> tuple[str, tuple]:
    if not isinstance(dial, Mapping) or len(dial) != 1:
        raise ValueError(f"a dial is {{name: settings}} with one name, got {dial!r}.")
    ((name, settings),) = dial.items()
    settings = tuple(settings)
    if not settings:
        raise ValueError(f"the dial {name!r} has no settings; give at least one.")
    return name, settings


def _word(setting: object) -> str:
    return "none" if setting is None else str(setting)
