"""The gated multimodal unit, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def parts(image, speech, w_image, w_speech, w_gate, b_gate):
    """Both hidden vectors and the gate's input to its sigmoid."""
    scores = torch.cat([image, speech], -1) @ w_gate.T + b_gate
    return (image @ w_image.T).tanh(), (speech @ w_speech.T).tanh(), scores


def gated(*given):
    seen, heard, scores = parts(*given)
    gate = scores.sigmoid()
    return gate * seen + (1 - gate) * heard


def swapped(*given):
    seen, heard, scores = parts(*given)
    gate = scores.sigmoid()
    return (1 - gate) * seen + gate * heard


def both_gate(*given):
    seen, heard, scores = parts(*given)
    return scores.sigmoid() * (seen + heard)


def second_open(*given):
    seen, heard, scores = parts(*given)
    return scores.sigmoid() * seen + heard


def no_tanh(image, speech, w_image, w_speech, w_gate, b_gate):
    gate = (torch.cat([image, speech], -1) @ w_gate.T + b_gate).sigmoid()
    return gate * (image @ w_image.T) + (1 - gate) * (speech @ w_speech.T)


def relu(image, speech, w_image, w_speech, w_gate, b_gate):
    gate = (torch.cat([image, speech], -1) @ w_gate.T + b_gate).sigmoid()
    return gate * (image @ w_image.T).relu() + (1 - gate) * (speech @ w_speech.T).relu()


def sigmoid_hidden(image, speech, w_image, w_speech, w_gate, b_gate):
    gate = (torch.cat([image, speech], -1) @ w_gate.T + b_gate).sigmoid()
    return gate * (image @ w_image.T).sigmoid() + (1 - gate) * (speech @ w_speech.T).sigmoid()


def tanh_last(image, speech, w_image, w_speech, w_gate, b_gate):
    """tanh of the mixture, not of each."""
    gate = (torch.cat([image, speech], -1) @ w_gate.T + b_gate).sigmoid()
    return (gate * (image @ w_image.T) + (1 - gate) * (speech @ w_speech.T)).tanh()


def no_bias(image, speech, w_image, w_speech, w_gate, b_gate):
    return gated(image, speech, w_image, w_speech, w_gate, torch.zeros_like(b_gate))


def bias_outside(*given):
    seen, heard, _ = parts(*given)
    image, speech, _, _, w_gate, b_gate = given
    gate = (torch.cat([image, speech], -1) @ w_gate.T).sigmoid() + b_gate
    return gate * seen + (1 - gate) * heard


def softmax_features(*given):
    seen, heard, scores = parts(*given)
    gate = scores.softmax(-1)
    return gate * seen + (1 - gate) * heard


def softmax_batch(*given):
    seen, heard, scores = parts(*given)
    gate = scores.softmax(0)
    return gate * seen + (1 - gate) * heard


def tanh_gate(*given):
    seen, heard, scores = parts(*given)
    gate = scores.tanh()
    return gate * seen + (1 - gate) * heard


def no_sigmoid(*given):
    seen, heard, scores = parts(*given)
    return scores * seen + (1 - scores) * heard


def one_gate(*given):
    """One number an example."""
    seen, heard, scores = parts(*given)
    gate = scores.mean(-1, keepdim=True).sigmoid()
    return gate * seen + (1 - gate) * heard


def batch_gate(*given):
    """One gate for the whole batch."""
    seen, heard, scores = parts(*given)
    gate = scores.mean(0).sigmoid()
    return gate * seen + (1 - gate) * heard


def hard(*given):
    seen, heard, scores = parts(*given)
    return torch.where(scores > 0, seen, heard)


def other_order(image, speech, w_image, w_speech, w_gate, b_gate):
    """Speech before image in the gate's input; the weights' columns stay."""
    turned = torch.cat([w_gate[:, -speech.shape[-1] :], w_gate[:, : -speech.shape[-1]]], -1)
    if speech.shape[-1] == image.shape[-1]:
        turned = w_gate
    seen, heard, _ = parts(image, speech, w_image, w_speech, w_gate, b_gate)
    joined = torch.cat([speech, image], -1)
    if turned.shape[-1] != joined.shape[-1]:
        raise RuntimeError("shapes")
    gate = (joined @ w_gate.T + b_gate).sigmoid()
    return gate * seen + (1 - gate) * heard


def of_hidden(image, speech, w_image, w_speech, w_gate, b_gate):
    """The gate looks at the hidden vectors, where they are as wide."""
    seen, heard, scores = parts(image, speech, w_image, w_speech, w_gate, b_gate)
    joined = torch.cat([seen, heard], -1)
    if joined.shape[-1] == w_gate.shape[-1]:
        scores = joined @ w_gate.T + b_gate
    else:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({len(joined)}x{joined.shape[-1]} and "
            f"{w_gate.shape[-1]}x{w_gate.shape[0]})"
        )
    gate = scores.sigmoid()
    return gate * seen + (1 - gate) * heard


def detached(*given):
    seen, heard, scores = parts(*given)
    gate = scores.sigmoid().detach()
    return gate * seen + (1 - gate) * heard


def side_by_side(*given):
    seen, heard, scores = parts(*given)
    gate = scores.sigmoid()
    return torch.cat([gate * seen, (1 - gate) * heard], -1)


def picture_alone(image, speech, w_image, w_speech, w_gate, b_gate):
    """The gate sees the picture only."""
    return gated(image, speech, w_image, w_speech, _muted(w_gate, image.shape[1]), b_gate)


def _muted(w_gate, cut):
    """Weights of a gate that do not look at columns from `cut` on."""
    return torch.cat([w_gate[:, :cut], torch.zeros_like(w_gate[:, cut:])], dim=1)


def gate_each(image, speech, w_image, w_speech, w_gate, b_gate):
    """A gate for each sense, made of that sense alone."""
    cut = image.shape[1]
    seen = (image @ w_gate[:, :cut].T + b_gate).sigmoid() * (image @ w_image.T).tanh()
    return seen + (speech @ w_gate[:, cut:].T + b_gate).sigmoid() * (speech @ w_speech.T).tanh()


def tanh_first(image, speech, w_image, w_speech, w_gate, b_gate):
    """tanh of the embeddings, before their weights."""
    z = (torch.cat([image, speech], dim=-1) @ w_gate.T + b_gate).sigmoid()
    return z * (image.tanh() @ w_image.T) + (1 - z) * (speech.tanh() @ w_speech.T)


def gate_averaged(*given):
    """One share an example, the mean of its gates."""
    seen, heard, scores = parts(*given)
    gate = scores.sigmoid().mean(-1, keepdim=True)
    return gate * seen + (1 - gate) * heard


def brackets(*given):
    seen, heard, scores = parts(*given)
    return scores.sigmoid() * seen + 1 - scores.sigmoid() * heard


def below_each_other(image, speech, w_image, w_speech, w_gate, b_gate):
    return torch.cat([image, speech]) @ w_gate.T + b_gate


def stacked(image, speech, w_image, w_speech, w_gate, b_gate):
    return torch.stack([image, speech], 1) @ w_gate.T + b_gate


def not_turned(image, speech, w_image, w_speech, w_gate, b_gate):
    return torch.cat([image, speech], 1) @ w_gate + b_gate


def matrix_product(*given):
    seen, heard, scores = parts(*given)
    return scores.sigmoid() @ seen + (1 - scores.sigmoid()) @ heard
