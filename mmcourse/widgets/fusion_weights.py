"""The weights panel: set by hand how much each sense counts, beside equal weights and learned ones."""

from __future__ import annotations

import ipywidgets
import torch
from jaxtyping import Float, Int
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn.functional import log_softmax, nll_loss, softplus

from mmcourse import plotting
from mmcourse.metrics import accuracy
from mmcourse.widgets.stage import WIDE_LABEL, slider, stage

RULES = (("average", "average"), ("product", "product"))


def fusion_weights_panel(
    val: tuple[Tensor, Tensor],
    test: tuple[Tensor, Tensor],
    *,
    senses: tuple[str, ...] = ("image", "speech"),
    rule: str = "product",
) -> None:
    """Weigh senses by hand, in an average of probabilities or in a product, and compare with what is learned.

    val, test  (log-probabilities [example, sense, class], labels [example]); weights are learned on val
    senses     what to call them, in their order
    rule       "average" or "product", which is chosen at first
    """
    found = {name: learned(*val, name) for name in ("average", "product")}
    controls = {
        "rule": ipywidgets.ToggleButtons(
            options=RULES,
            value=rule,
            description="rule",
            style={**WIDE_LABEL, "button_width": "8em"},
            layout={"width": "40em"},  # so that the buttons stand beside their label
        )
    }
    controls |= {sense: slider(f"weight of {sense}", 0.0, 2.0, 0.05, 1.0) for sense in senses}

    def draw(rule: str, **weights: float) -> Figure:
        by = {
            "equal": torch.ones(len(senses)),
            "by hand": torch.tensor([weights[sense] for sense in senses]),
            "learned": found[rule],
        }
        return draw_weights(by, {"validation": val, "test": test}, rule)

    stage(draw, controls, alt="accuracy and log loss with equal weights, weights set by hand, learned ones")


def joined(
    log_probs: Float[Tensor, "example sense class"], weights: Float[Tensor, " sense"], rule: str
) -> Float[Tensor, "example class"]:
    """Join decisions with weights: "average", Σ w p / Σ w, or "product", Π p^w, made to add up to 1.

    weights  0 or more; where all are 0, every class is equally likely
    Returns  log-probabilities
    Raises   ValueError for another rule
    """
    if rule not in ("average", "product"):
        raise ValueError(f"rule is 'average' or 'product', got {rule!r}.")
    if rule == "product" or not (weights > 0).any():
        return log_softmax(torch.einsum("esk, s -> ek", log_probs, weights.to(log_probs)), dim=1)
    heard = weights > 0
    shares = (weights / weights.sum())[heard].log().to(log_probs)
    return (log_probs[:, heard] + shares[:, None]).logsumexp(dim=1)


def learned(
    log_probs: Float[Tensor, "example sense class"], labels: Int[Tensor, " example"], rule: str
) -> Float[Tensor, " sense"]:
    """Find the weights with the lowest log loss, by L-BFGS in float64; an average's sum to senses."""
    x = log_probs.detach().double()
    numbers = torch.full((x.shape[1],), 0.5413, dtype=torch.float64, requires_grad=True)  # softplus gives 1
    optimiser = torch.optim.LBFGS([numbers], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        with torch.enable_grad():
            loss = nll_loss(joined(x, softplus(numbers), rule), labels) + 1e-4 * numbers.square().sum()
            loss.backward()
        return loss

    optimiser.step(closure)
    weights = softplus(numbers.detach()).float()
    return weights if rule == "product" else weights * len(weights) / weights.sum()


def draw_weights(by: dict[str, Tensor], tables: dict[str, tuple[Tensor, Tensor]], rule: str) -> Figure:
    """Draw accuracy and log loss on each table, a group of bars a choice of weights.

    by      name -> weights [sense], which are written below the name
    tables  name -> (log-probabilities, labels)
    """
    fig, axes = plotting.figure(1, 2, height=2.9)
    figures = {"accuracy": accuracy, "log loss (nats)": lambda x, labels: nll_loss(x, labels).item()}
    for ax, (name, measure) in zip(axes, figures.items(), strict=True):
        for number, (table, (log_probs, labels)) in enumerate(tables.items()):
            values = [measure(joined(log_probs, weights, rule), labels) for weights in by.values()]
            places = [place + 0.38 * (number - 0.5) for place in range(len(by))]
            bars = ax.bar(places, values, width=0.34, color=plotting.look("", number)[0], label=table)
            ax.bar_label(bars, fmt="{:.3f}", fontsize=7, padding=1)
        words = [f"{key}\n" + " : ".join(f"{w:.2f}" for w in weights.tolist()) for key, weights in by.items()]
        ax.set_xticks(range(len(by)), words)
        ax.grid(visible=False, axis="x")
        ax.set(title=f"{name}, {rule}")
        ax.margins(y=0.12)
    axes[1].legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    return fig
