"""What the recurrent networks and the summaries ask of sequences, lengths and weights."""

from torch import Tensor

from ._arguments import need_floating, need_integers


def need_lengths(x: Tensor, lengths: Tensor) -> None:
    """Raise unless x is [batch, time, feature] and each of its clips has from 1 to `time` valid frames."""
    need_floating(x, "x")
    need_integers(lengths, "lengths")
    if x.ndim != 3:
        raise ValueError(f"x must be [batch, time, feature], got {list(x.shape)}.")
    need_lengths_of(x.shape[0], x.shape[1], lengths)


def need_lengths_of(batch: int, time: int, lengths: Tensor) -> None:
    """Raise unless lengths hold one number for each clip, from 1 to `time`."""
    if lengths.shape != (batch,):
        raise ValueError(f"lengths must be [{batch}], one number for each clip, got {list(lengths.shape)}.")
    if batch and (lengths.min() < 1 or lengths.max() > time):
        raise ValueError(f"lengths must lie in 1..{time}, got {lengths.tolist()}: leave empty clips out.")


def need_cell_weights(
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
    *,
    gates: int,
    w_hr: Tensor | None = None,
) -> None:
    """Raise unless the weights are those of one cell: rows are gates · hidden (Elman 1, GRU 3, LSTM 4)."""
    given = {"w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh, "w_hr": w_hr}
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        need_floating(value, name)
    rows = w_ih.shape[0] if w_ih.ndim else 0
    out = w_hr.shape[0] if w_hr is not None and w_hr.ndim else rows // gates
    fits = {"w_ih": (rows, w_ih.shape[-1] if w_ih.ndim else 0), "w_hh": (rows, out), "b_ih": (rows,)}
    fits |= {"b_hh": (rows,), "w_hr": (out, rows // gates)}
    if rows % gates or any(value.shape != fits[name] for name, value in given.items()):
        shapes = ", ".join(f"{name} {list(value.shape)}" for name, value in given.items())
        size = "hidden" if gates == 1 else f"{gates} · hidden"
        smaller = "" if w_hr is None else "; with w_hr [projected, hidden], w_hh is [4 · hidden, projected]"
        raise ValueError(
            f"the weights do not fit: {shapes}. "
            f"w_ih is [{size}, feature], w_hh [{size}, hidden] and a bias [{size}]{smaller}."
        )
