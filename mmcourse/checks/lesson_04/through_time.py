"""Backpropagation through time, by hand."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import uniform, weights
from mmcourse.checks.lesson_04.ways import through_time as ways

torch = lazy("torch")


def _case(generator, batch, time, feature, hidden):
    """Frames, states that a network really has for them, weights, and a gradient of every state."""
    x = uniform(generator, batch, time, feature, scale=2)
    w_ih, w_hh, b_ih, b_hh = weights(generator, feature, hidden)
    h, states = x.new_zeros(batch, hidden), []
    for t in range(time):
        h = torch.tanh(x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
        states.append(h)
    return torch.randn(batch, time, hidden, generator=generator), x, torch.stack(states, dim=1), w_ih, w_hh


def _tiny(generator):
    h = torch.tensor([[[0.6], [0.8]]])
    x = torch.atanh(h) - torch.tensor([[[0.0], [0.3]]])  # the state 0.6 brings 0.5 · 0.6 to the second sum
    return torch.tensor([[[0.0], [1.0]]]), x, h, torch.tensor([[1.0]]), torch.tensor([[0.5]])


_ALL_FRAMES = (
    "The same weights served every frame, so their gradients are sums over all frames, not one frame's."
)
_BIAS = "The bias served every frame of every clip: sum over batch and time, [hidden]."

rnn_backward = Exercise(
    id="04.11",
    name="rnn_backward",
    title="The way back through time",
    difficulty=3,
    minutes=35,
    stub="return the gradients of the input, of both weights and of the bias",
    parameters=("grad_output", "input", "output", "w_ih", "w_hh"),
    reference=ways.backward,
    hints=(
        "In which two ways did the state h_t change the loss?",
        "Go from the last frame to the first. grad_h is grad_output[:, t] plus what the frame after it hands "
        "back. What does tanh do to it, and what is then handed to the frame before?",
        "grad_a[:, t] = grad_h * (1 - output[:, t] ** 2); hand back grad_a[:, t] @ w_hh. Each weight's "
        "gradient is the sum over clips and frames of grad_a times what the weight was multiplied with: x_t "
        "for w_ih, the state before (0 at first) for w_hh.",
    ),
    cases=(
        Case("one clip of two frames", _tiny),
        Case("random clips", lambda g: _case(g, 3, 5, 2, 4)),
        Case("as many features as numbers of state", lambda g: _case(g, 2, 4, 3, 3)),
        Case("one frame", lambda g: _case(g, 2, 1, 3, 2)),
        Case("a long clip", lambda g: _case(g, 1, 40, 2, 3)),
    ),
    mistakes=(
        Mistake(
            "nothing from later",
            ways.with_sums(lambda grad_output, h, w_hh: grad_output * ways.slope_of(h)),
            "What a state did to later frames is missing: frame t + 1 hands back grad_a @ w_hh.",
        ),
        Mistake(
            "one step",
            ways.with_sums(ways.one_step),
            "Each frame hands back its own gradient only: it must also hand on what it got from later ones.",
        ),
        Mistake(
            "last frame's gradient only",
            ways.with_sums(ways.last_only),
            "Only the last frame's grad_output is used; every state is an output and has a gradient of its "
            "own.",
        ),
        Mistake(
            "no slope",
            ways.but(slope=lambda h: torch.ones_like(h)),
            "The slope of tanh is missing: 1 − h² for each number of the state.",
        ),
        Mistake(
            "slope of the state's tanh",
            ways.but(slope=lambda h: 1 - torch.tanh(h) ** 2),
            "`output` holds the states, which are tanh already: the slope is 1 − output², without another "
            "tanh.",
        ),
        Mistake(
            "slope of a sigmoid",
            ways.but(slope=lambda h: h * (1 - h)),
            "h (1 − h) is the slope of a sigmoid; that of tanh is 1 − h².",
        ),
        Mistake(
            "slope on its own gradient only",
            ways.with_sums(ways.slope_on_own_only),
            "What comes from later frames went through the tanh too: add first, then multiply by the slope.",
        ),
        Mistake(
            "handed back before tanh",
            ways.but(later=lambda grad_h, grad_a, w_hh: grad_h @ w_hh),
            "You hand back grad_h @ w_hh; the way back to the frame before leads through tanh first: "
            "grad_a @ w_hh.",
        ),
        Mistake(
            "w_hh turned",
            ways.but(later=lambda grad_h, grad_a, w_hh: grad_a @ w_hh.T),
            "Forwards it was h @ w_hh.T, so backwards it is grad_a @ w_hh, not turned.",
        ),
        Mistake(
            "handed back without weights",
            ways.but(later=lambda grad_h, grad_a, w_hh: grad_a),
            "On its way to the next frame a state goes through w_hh; so does the gradient: grad_a @ w_hh.",
        ),
        Mistake(
            "forwards",
            ways.with_sums(ways.forwards),
            "You went from the first frame to the last; a gradient comes from later frames: "
            "reversed(range(…)).",
        ),
        Mistake(
            "state after the step",
            ways.with_results(ways.replaced(2, lambda grad_a, x, h, old: ways.product(grad_a, h))),
            "w_hh was multiplied with the state *before* each frame, zeros at the first; you took the one "
            "after.",
        ),
        Mistake("first frame's weights", ways.with_results(ways.first_frame), _ALL_FRAMES),
        Mistake(
            "weights turned",
            ways.with_results(
                lambda grad_a, x, h, results: [results[0], results[1].T, results[2].T, results[3]]
            ),
            "The gradients of the weights are turned: each has the shape of its weight, grad_a.T @ x.",
        ),
        Mistake(
            "mean over the batch",
            ways.with_results(ways.mean),
            "You took the mean over the clips; a gradient is a sum. A mean is taken where the loss is one.",
        ),
        Mistake(
            "bias for each frame",
            ways.with_results(ways.replaced(3, lambda grad_a, x, h, old: grad_a.sum(dim=0))),
            _BIAS,
        ),
        Mistake(
            "bias for each clip",
            ways.with_results(ways.replaced(3, lambda grad_a, x, h, old: grad_a.sum(dim=1))),
            _BIAS,
        ),
        Mistake(
            "bias for each", ways.with_results(ways.replaced(3, lambda grad_a, x, h, old: grad_a)), _BIAS
        ),
        Mistake(
            "w_ih turned",
            ways.w_ih_turned,
            "Forwards it was input @ w_ih.T, so backwards it is grad_a @ w_ih, not turned.",
        ),
        Mistake(
            "bias twice",
            ways.with_results(ways.replaced(3, lambda grad_a, x, h, old: 2 * old)),
            "You counted both biases; each of the two has the same gradient, and one of them is wanted.",
        ),
        Mistake(
            "weights for each clip",
            ways.for_each_clip,
            "The weights served every clip: sum their gradients over the batch too.",
        ),
        Mistake(
            "added up on the way",
            ways.added_up,
            "What frame t + 1 hands back holds all later frames already: from_later = grad_a @ w_hh, "
            "without adding to what was there.",
        ),
        Mistake(
            "input from the outputs' gradient",
            ways.input_from_grad_output,
            "The frame went in before tanh: its gradient is grad_a @ w_ih, not grad_output @ w_ih.",
        ),
        Mistake(
            "bias left out",
            ways.with_results(lambda grad_a, x, h, results: results[:3]),
            "Four results are wanted: the gradients of input, w_ih, w_hh and of the bias.",
        ),
    ),
    noticing="Forty frames back, a gradient has gone forty times through w_hh and a slope below 1. That "
    "product is why it vanishes, or explodes.",
    scaled=True,
)
