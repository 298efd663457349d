"""How long recurrent networks take beside torch's, forward and backward: `python benchmarks/bench_rnn.py`."""

import torch
from harness import ratio, store
from torch import nn

from mmcourse.scratch import rnn, rnn_cells

TIME, BATCH, FEATURES, HIDDEN = 100, 64, 40, 64
NETWORKS = [
    ("RNN", nn.RNN, rnn.rnn, "2.00", "1.30"),
    ("GRU", nn.GRU, rnn.gru, "2.00", "1.30"),
    ("LSTM", nn.LSTM, rnn.lstm, "4.50", "3.00"),
]


def arguments(kind: type[nn.Module], **options) -> tuple[nn.Module, dict, torch.Tensor, torch.Tensor]:
    """torch's module, its parameters as ours, an input, and the gradient from above."""
    torch.manual_seed(0)
    module = kind(FEATURES, HIDDEN, batch_first=True, **options)
    parameters = {name: value.clone().requires_grad_() for name, value in module.state_dict().items()}
    x = torch.randn(BATCH, TIME, FEATURES, requires_grad=True)
    return module, parameters, x, torch.randn_like(module(x)[0])


def row(name: str, kind: type[nn.Module], function, most: str, aim: str, **options) -> dict[str, str]:
    module, parameters, x, upstream = arguments(kind, **options)
    ours = [x, *parameters.values()]
    theirs = [x, *module.parameters()]
    result = ratio(
        lambda: torch.autograd.grad(function(parameters, x, batch_first=True)[0], ours, upstream),
        lambda: torch.autograd.grad(module(x)[0], theirs, upstream),
    )
    return {"what": name, **result.row(), "at most": most, "aim": aim}


def cell_by_cell(name: str, kind: type[nn.Module], cell, states: int) -> dict[str, str]:
    """The readable way, scratch.rnn.unroll, in the place of ours."""

    def unrolled(parameters, x, batch_first):
        weights = list(parameters.values())
        first = tuple(x.new_zeros(BATCH, HIDDEN) for _ in range(states))

        def step(frame, state):
            return cell(frame, state, *weights) if states > 1 else (cell(frame, *state, *weights),)

        output, last = rnn.unroll(step, x.transpose(0, 1), first)
        return output.transpose(0, 1), last

    return row(f"{name}, cell by cell", kind, unrolled, "–", "–")


def main() -> None:
    torch.set_num_threads(2)
    rows = [
        *(row(*network) for network in NETWORKS),
        cell_by_cell("RNN", nn.RNN, rnn_cells.rnn_cell, 1),
        cell_by_cell("GRU", nn.GRU, rnn_cells.gru_cell, 1),
        cell_by_cell("LSTM", nn.LSTM, rnn_cells.lstm_cell, 2),
        row("GRU, both directions", nn.GRU, rnn.gru, "–", "–", bidirectional=True),
    ]
    store(
        "rnn",
        rows,
        f"Forward and backward, float32, ({BATCH}, {TIME}, {FEATURES}) → {HIDDEN}. Theirs: torch.nn. Most of "
        "ours is matrix products, two of 64 rows a frame; torch's LSTM is one fused kernel of oneDNN.",
    )


if __name__ == "__main__":
    main()
