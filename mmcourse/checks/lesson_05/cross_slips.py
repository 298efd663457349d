"""Attention across senses as people get it wrong: what the check of 05.11 compares an answer with."""

from mmcourse.checks import lazy

torch = lazy("torch")


def valid_frames(speech, lengths):
    """[batch, time], True where a clip has frames."""
    return torch.arange(speech.shape[1], device=speech.device) < lengths[:, None]


def cross(image, speech, w_q, w_k, w_v, lengths, *, asks="image", values="speech", scale="d", mask="keys",
          dim=-1, gives="found", clean=True, turned=True):  # fmt: skip
    """Image tokens ask speech frames, with a switch for each slip."""
    valid = valid_frames(speech, lengths + (mask == "one too many"))
    if clean:
        speech = speech.masked_fill(~valid[..., None], 0)
    if turned:
        w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
    if asks == "speech":
        q, k, v = speech @ w_q, image @ w_k, image @ w_v
        valid = None
    else:
        v = (image if values == "image" else speech) @ w_v if values in ("speech", "image") else speech
        q, k = image @ w_q, speech @ w_k
        v = k if values == "keys" else v
    scores = q @ k.mT / _divisor(scale, q, image, speech)
    weights = _weigh(scores, valid, mask if valid is not None else "none", dim)
    if gives == "weights":
        return weights
    found = weights @ v
    return {"found": found, "sum": image + found if found.shape == image.shape else found,
            "mean": found.mean(1), "first": found[:, :1]}[gives]  # fmt: skip


def _divisor(scale, q, image, speech):
    d = q.shape[-1]
    sizes = {"d": d, "none": 1, "d twice": d * d, "image": image.shape[-1], "speech": speech.shape[-1],
             "frames": speech.shape[1], "upside down": 1 / d}  # fmt: skip
    return sizes[scale] ** 0.5


def _weigh(scores, valid, mask, dim):
    """The softmax of [batch, token, frame]."""
    if mask == "none":
        return scores.softmax(dim)
    if mask == "flat":
        return scores.masked_fill(~valid, -1e9).softmax(dim)
    if mask == "flat, behind":
        return scores.masked_fill(~valid[..., None], float("-inf")).softmax(dim)
    if mask == "weak":
        return scores.masked_fill(~valid[:, None], -1e4).softmax(dim)
    if mask == "product":  # 0 · -∞
        return (scores + ~valid[:, None] * float("-inf")).softmax(dim)
    if mask in ("inverted, -∞", "inverted, ready-made"):
        weights = scores.masked_fill(valid[:, None], float("-inf")).softmax(dim)
        return weights if mask == "inverted, -∞" else weights.nan_to_num(0)
    if mask == "inverted":
        return scores.masked_fill(valid[:, None], -1e9).softmax(dim)
    if mask == "after":
        return scores.softmax(dim) * valid[:, None]
    if mask == "zero":
        return (scores * valid[:, None]).softmax(dim)
    return scores.masked_fill(~valid[:, None], -1e9).softmax(dim)


def lengths_as_first_clip(image, speech, w_q, w_k, w_v, lengths):
    """The whole batch cut to the first clip's length."""
    n = int(lengths[0])
    return cross(image, speech[:, :n], w_q, w_k, w_v, lengths.clamp(max=n))


def queries_as_keys(image, speech, w_q, w_k, w_v, lengths):
    """The keys' weights on the tokens and the queries' on the frames."""
    return cross(image, speech, w_k, w_q, w_v, lengths)


def reshaped(image, speech, w_q, w_k, w_v, lengths):
    """Keys laid out anew where two axes should be exchanged."""
    q, k, v = image @ w_q.T, speech @ w_k.T, speech @ w_v.T
    scores = q @ k.reshape(len(k), k.shape[2], k.shape[1]) / q.shape[-1] ** 0.5
    return _weigh(scores, valid_frames(speech, lengths), "keys", -1) @ v


def all_axes_turned(image, speech, w_q, w_k, w_v, lengths):
    q, k, v = image @ w_q.T, speech @ w_k.T, speech @ w_v.T
    scores = q @ k.permute(2, 1, 0) / q.shape[-1] ** 0.5
    return _weigh(scores, valid_frames(speech, lengths), "keys", -1) @ v


def added_low(image, speech, w_q, w_k, w_v, lengths):
    """−10 000 added to the scores of padding, which a large score outweighs."""
    valid = valid_frames(speech, lengths)
    q, k, v = image @ w_q.T, speech @ w_k.T, speech @ w_v.T
    low = torch.where(valid, 0.0, -1e4).to(q.dtype)[:, None]
    return ((q @ k.mT + low) / q.shape[-1] ** 0.5).softmax(-1) @ v


def key_not_turned(image, speech, w_q, w_k, w_v, lengths):
    q, k, v = image @ w_q.T, speech @ w_k.T, speech @ w_v.T
    scores = q @ k / q.shape[-1] ** 0.5
    return _weigh(scores, valid_frames(speech, lengths), "keys", -1) @ v


def cleaned_late(which):
    """Padding set to 0 only after the projections: right in the output, NaN in the gradients."""

    def wrong(image, speech, w_q, w_k, w_v, lengths):
        valid = valid_frames(speech, lengths)
        q, k, v = image @ w_q.T, speech @ w_k.T, speech @ w_v.T
        if "k" in which:
            k = k.masked_fill(~valid[..., None], 0)
        v = v.masked_fill(~valid[..., None], 0)
        return _weigh(q @ k.mT / q.shape[-1] ** 0.5, valid, "keys", -1) @ v

    return wrong
