"""Backpropagation through time, by hand."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import uniform, weights

torch = lazy("torch")


def _slope(h):
    return 1 - h**2


def _sums(grad_output, h, w_hh, slope=_slope, later=lambda grad_h, grad_a, w_hh: grad_a @ w_hh):
    """∂L/∂a of every frame, a being what goes into tanh; `later` is what a frame hands back."""
    grad_a, from_later = torch.empty_like(h), torch.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        grad_h = grad_output[:, t] + from_later
        grad_a[:, t] = grad_h * slope(h[:, t])
        from_later = later(grad_h, grad_a[:, t], w_hh)
    return grad_a


def _before(h):
    return torch.cat([torch.zeros_like(h[:, :1]), h[:, :-1]], dim=1)


def _product(grad_a, with_what):
    return torch.einsum("bth,btk->hk", grad_a, with_what)


def _gradients(grad_a, x, h, w_ih):
    return grad_a @ w_ih, _product(grad_a, x), _product(grad_a, _before(h)), grad_a.sum(dim=(0, 1))


def _backward(grad_output, x, h, w_ih, w_hh, **changes):
    return _gradients(_sums(grad_output, h, w_hh, **changes), x, h, w_ih)


def _but(**changes):
    return lambda *args: _backward(*args, **changes)


def _w_ih_turned(grad_output, x, h, w_ih, w_hh):
    grad_a = _sums(grad_output, h, w_hh)
    return grad_a @ w_ih.T, *_gradients(grad_a, x, h, w_ih)[1:]


def _with_sums(make):
    """Other gradients of the sums, by make(grad_output, h, w_hh)."""
    return lambda grad_output, x, h, w_ih, w_hh: _gradients(make(grad_output, h, w_hh), x, h, w_ih)


def _results(change):
    """The right gradients of the sums, other results: change(grad_a, x, h, results)."""

    def wrong(grad_output, x, h, w_ih, w_hh):
        grad_a = _sums(grad_output, h, w_hh)
        return change(grad_a, x, h, list(_gradients(grad_a, x, h, w_ih)))

    return wrong


def _slope_on_own_only(grad_output, h, w_hh):
    grad_a, later = torch.empty_like(h), torch.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        grad_a[:, t] = grad_output[:, t] * _slope(h[:, t]) + later
        later = grad_a[:, t] @ w_hh
    return grad_a


def _forwards(grad_output, h, w_hh):
    return _sums(grad_output.flip(1), h.flip(1), w_hh).flip(1)


def _one_step(grad_output, h, w_hh):
    own = grad_output * _slope(h)
    handed = torch.cat([(own @ w_hh)[:, 1:], torch.zeros_like(own[:, :1])], dim=1)
    return own + handed * _slope(h)


def _last_only(grad_output, h, w_hh):
    last = torch.zeros_like(grad_output)
    last[:, -1] = grad_output[:, -1]
    return _sums(last, h, w_hh)


def _mean(grad_a, x, h, results):
    return [results[0], *(result / len(x) for result in results[1:])]


def _first_frame(grad_a, x, h, results):
    """What is left of the sums when each frame overwrites the one after it."""
    return [results[0], grad_a[:, 0].T @ x[:, 0], 0 * results[2], grad_a[:, 0].sum(dim=0)]


def _replaced(place, make):
    def change(grad_a, x, h, results):
        results[place] = make(grad_a, x, h, results[place])
        return results

    return change


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
    reference=_backward,
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
            _with_sums(lambda grad_output, h, w_hh: grad_output * _slope(h)),
            "What a state did to later frames is missing: frame t + 1 hands back grad_a @ w_hh.",
        ),
        Mistake(
            "one step",
            _with_sums(_one_step),
            "Each frame hands back its own gradient only: it must also hand on what it got from later ones.",
        ),
        Mistake(
            "last frame's gradient only",
            _with_sums(_last_only),
            "Only the last frame's grad_output is used; every state is an output and has a gradient of its "
            "own.",
        ),
        Mistake(
            "no slope",
            _but(slope=torch.ones_like),
            "The slope of tanh is missing: 1 − h² for each number of the state.",
        ),
        Mistake(
            "slope of the state's tanh",
            _but(slope=lambda h: 1 - torch.tanh(h) ** 2),
            "`output` holds the states, which are tanh already: the slope is 1 − output², without another "
            "tanh.",
        ),
        Mistake(
            "slope of a sigmoid",
            _but(slope=lambda h: h * (1 - h)),
            "h (1 − h) is the slope of a sigmoid; that of tanh is 1 − h².",
        ),
        Mistake(
            "slope on its own gradient only",
            _with_sums(_slope_on_own_only),
            "What comes from later frames went through the tanh too: add first, then multiply by the slope.",
        ),
        Mistake(
            "handed back before tanh",
            _but(later=lambda grad_h, grad_a, w_hh: grad_h @ w_hh),
            "You hand back grad_h @ w_hh; the way back to the frame before leads through tanh first: "
            "grad_a @ w_hh.",
        ),
        Mistake(
            "w_hh turned",
            _but(later=lambda grad_h, grad_a, w_hh: grad_a @ w_hh.T),
            "Forwards it was h @ w_hh.T, so backwards it is grad_a @ w_hh, not turned.",
        ),
        Mistake(
            "handed back without weights",
            _but(later=lambda grad_h, grad_a, w_hh: grad_a),
            "On its way to the next frame a state goes through w_hh; so does the gradient: grad_a @ w_hh.",
        ),
        Mistake(
            "forwards",
            _with_sums(_forwards),
            "You went from the first frame to the last; a gradient comes from later frames: "
            "reversed(range(…)).",
        ),
        Mistake(
            "state after the step",
            _results(_replaced(2, lambda grad_a, x, h, old: _product(grad_a, h))),
            "w_hh was multiplied with the state *before* each frame, zeros at the first; you took the one "
            "after.",
        ),
        Mistake("first frame's weights", _results(_first_frame), _ALL_FRAMES),
        Mistake(
            "weights turned",
            _results(lambda grad_a, x, h, results: [results[0], results[1].T, results[2].T, results[3]]),
            "The gradients of the weights are turned: each has the shape of its weight, grad_a.T @ x.",
        ),
        Mistake(
            "mean over the batch",
            _results(_mean),
            "You took the mean over the clips; a gradient is a sum. A mean is taken where the loss is one.",
        ),
        Mistake(
            "bias for each frame",
            _results(_replaced(3, lambda grad_a, x, h, old: grad_a.sum(dim=0))),
            _BIAS,
        ),
        Mistake(
            "bias for each clip", _results(_replaced(3, lambda grad_a, x, h, old: grad_a.sum(dim=1))), _BIAS
        ),
        Mistake("bias for each", _results(_replaced(3, lambda grad_a, x, h, old: grad_a)), _BIAS),
        Mistake(
            "w_ih turned",
            _w_ih_turned,
            "Forwards it was input @ w_ih.T, so backwards it is grad_a @ w_ih, not turned.",
        ),
        Mistake(
            "bias left out",
            _results(lambda grad_a, x, h, results: results[:3]),
            "Four results are wanted: the gradients of input, w_ih, w_hh and of the bias.",
        ),
    ),
    noticing="Forty frames back, a gradient has gone forty times through w_hh and a slope below 1. That "
    "product is why it vanishes, or explodes.",
    scaled=True,
)
