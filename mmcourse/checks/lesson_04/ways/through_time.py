"""Ways to go back through time, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def slope_of(h):
    return 1 - h**2


def sums_of(grad_output, h, w_hh, slope=slope_of, later=lambda grad_h, grad_a, w_hh: grad_a @ w_hh):
    """∂L/∂a of every frame, a being what goes into tanh; `later` is what a frame hands back."""
    grad_a, from_later = torch.empty_like(h), torch.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        grad_h = grad_output[:, t] + from_later
        grad_a[:, t] = grad_h * slope(h[:, t])
        from_later = later(grad_h, grad_a[:, t], w_hh)
    return grad_a


def before(h):
    return torch.cat([torch.zeros_like(h[:, :1]), h[:, :-1]], dim=1)


def product(grad_a, with_what):
    return torch.einsum("bth,btk->hk", grad_a, with_what)


def gradients_of(grad_a, x, h, w_ih):
    return grad_a @ w_ih, product(grad_a, x), product(grad_a, before(h)), grad_a.sum(dim=(0, 1))


def backward(grad_output, x, h, w_ih, w_hh, **changes):
    return gradients_of(sums_of(grad_output, h, w_hh, **changes), x, h, w_ih)


def but(**changes):
    return lambda *args: backward(*args, **changes)


def w_ih_turned(grad_output, x, h, w_ih, w_hh):
    grad_a = sums_of(grad_output, h, w_hh)
    return grad_a @ w_ih.T, *gradients_of(grad_a, x, h, w_ih)[1:]


def with_sums(make):
    """Other gradients of the sums, by make(grad_output, h, w_hh)."""
    return lambda grad_output, x, h, w_ih, w_hh: gradients_of(make(grad_output, h, w_hh), x, h, w_ih)


def with_results(change):
    """The right gradients of the sums, other results: change(grad_a, x, h, results)."""

    def wrong(grad_output, x, h, w_ih, w_hh):
        grad_a = sums_of(grad_output, h, w_hh)
        return change(grad_a, x, h, list(gradients_of(grad_a, x, h, w_ih)))

    return wrong


def slope_on_own_only(grad_output, h, w_hh):
    grad_a, later = torch.empty_like(h), torch.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        grad_a[:, t] = grad_output[:, t] * slope_of(h[:, t]) + later
        later = grad_a[:, t] @ w_hh
    return grad_a


def forwards(grad_output, h, w_hh):
    return sums_of(grad_output.flip(1), h.flip(1), w_hh).flip(1)


def one_step(grad_output, h, w_hh):
    own = grad_output * slope_of(h)
    handed = torch.cat([(own @ w_hh)[:, 1:], torch.zeros_like(own[:, :1])], dim=1)
    return own + handed * slope_of(h)


def last_only(grad_output, h, w_hh):
    last = torch.zeros_like(grad_output)
    last[:, -1] = grad_output[:, -1]
    return sums_of(last, h, w_hh)


def mean(grad_a, x, h, results):
    return [results[0], *(result / len(x) for result in results[1:])]


def first_frame(grad_a, x, h, results):
    """What is left of the sums when each frame overwrites the one after it."""
    return [results[0], grad_a[:, 0].T @ x[:, 0], 0 * results[2], grad_a[:, 0].sum(dim=0)]


def replaced(place, make):
    def change(grad_a, x, h, results):
        results[place] = make(grad_a, x, h, results[place])
        return results

    return change


def for_each_clip(grad_output, x, h, w_ih, w_hh):
    grad_a = sums_of(grad_output, h, w_hh)
    own_ih = torch.einsum("bth,btk->bhk", grad_a, x)
    own_hh = torch.einsum("bth,btk->bhk", grad_a, before(h))
    return grad_a @ w_ih, own_ih, own_hh, grad_a.sum(dim=(0, 1))


def added_up(grad_output, x, h, w_ih, w_hh):
    grad_a, later = torch.empty_like(h), torch.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        grad_a[:, t] = (grad_output[:, t] + later) * slope_of(h[:, t])
        later = later + grad_a[:, t] @ w_hh
    return gradients_of(grad_a, x, h, w_ih)


def input_from_grad_output(grad_output, x, h, w_ih, w_hh):
    return grad_output @ w_ih, *backward(grad_output, x, h, w_ih, w_hh)[1:]
