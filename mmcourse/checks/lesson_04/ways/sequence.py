"""Ways to run the Elman network over clips, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def step_of(frame, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(frame @ w_ih.T + b_ih + h @ w_hh.T + b_hh)


def states_of(x, *weights, first=0.0, step=step_of):
    """All states of [batch, time, feature], as a list."""
    h, states = x.new_full((x.shape[0], len(weights[1])), first), []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, *weights)
        states.append(h)
    return states


def rnn(x, *weights):
    return torch.stack(states_of(x, *weights), dim=1)


def time_and_batch_exchanged(x, *weights):
    return rnn(x.transpose(0, 1), *weights).transpose(0, 1)


def state_never_renewed(x, *weights):
    h = x.new_zeros(x.shape[0], len(weights[1]))
    return torch.stack([step_of(x[:, t], h, *weights) for t in range(x.shape[1])], dim=1)


def state_goes_on_to_the_next_clip(x, *weights):
    h, rows = x.new_zeros(len(weights[1])), []
    for clip in x:
        states = []
        for frame in clip:
            h = step_of(frame, h, *weights)
            states.append(h)
        rows.append(torch.stack(states))
    return torch.stack(rows)


def first_clip(x, *weights):
    return rnn(x[:1], *weights)[0]


def old_states(x, *weights):
    states = states_of(x, *weights)
    return torch.stack([torch.zeros_like(states[0]), *states[:-1]], dim=1)


def old_states_and_last(x, *weights):
    states = states_of(x, *weights)
    return torch.stack([torch.zeros_like(states[0]), *states], dim=1)


def zeros_of_float32(x, *weights, step=step_of):
    h, states = torch.zeros(x.shape[0], len(weights[1])), []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, *weights)
        states.append(h)
    return torch.stack(states, dim=1)


def by_linear(frame, h, w_ih, w_hh, b_ih, b_hh):
    linear = torch.nn.functional.linear
    return torch.tanh(linear(frame, w_ih, b_ih) + linear(h, w_hh, b_hh))


def no_tanh(frame, h, w_ih, w_hh, b_ih, b_hh):
    return frame @ w_ih.T + b_ih + h @ w_hh.T + b_hh


def by_columns(frame, h, w_ih, w_hh, b_ih, b_hh):
    return torch.tanh(frame @ w_ih.T + b_ih + h @ w_hh + b_hh)


def cut(frame, h, *weights):
    return step_of(frame, h.detach(), *weights)


def with_step(step):
    return lambda x, *weights: torch.stack(states_of(x, *weights, step=step), dim=1)


def clips_counted_as_time(x, *weights):
    h, states = x.new_zeros(x.shape[0], len(weights[1])), []
    for t in range(x.shape[1]):
        h = step_of(x[t], h, *weights)
        states.append(h)
    return torch.stack(states, dim=1)


def state_as_wide_as_a_frame(x, *weights):
    return step_of(x[:, 0], x.new_zeros(x.shape[0], x.shape[2]), *weights)[:, None]
