"""Answers to 04.12 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

from mmcourse.modules.speech_models import SpeechRNN


def network(parameters, *inputs):
    """torch.nn.GRU in both directions with the parameters given."""
    given = {name[4:]: tensor for name, tensor in parameters.items() if name.startswith("rnn.")}
    hidden = given["weight_hh_l0"].shape[1]
    gru = nn.GRU(given["weight_ih_l0"].shape[1], hidden, batch_first=True, bidirectional=True)
    return torch.func.functional_call(gru, given, inputs)


def weights(parameters, way):
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return [parameters[f"rnn.{kind}_l0{way}"] for kind in kinds]


def run(x, lengths, w_ih, w_hh, b_ih, b_hh):
    h, states = x.new_zeros(len(x), w_hh.shape[1]), []
    for t in range(x.shape[1]):
        running = (t < lengths)[:, None]
        h = torch.where(running, torch.gru_cell(x[:, t], h, w_ih, w_hh, b_ih, b_hh), h)
        states.append(torch.where(running, h, 0))
    return torch.stack(states, dim=1), h


def turned(x, lengths):
    return torch.stack([torch.cat([c[:n].flip(0), c[n:]]) for c, n in zip(x, lengths, strict=True)])


def linear(parameters, x):
    return functional.linear(x, parameters["linear.weight"], parameters["linear.bias"])


def wrong_ignores_lengths(parameters, speech, lengths):
    """hint: both directions read the padding"""
    _, h_n = network(parameters, speech.transpose(1, 2))
    return linear(parameters, torch.cat([h_n[0], h_n[1]], dim=1))


def wrong_last_of_the_batch(parameters, speech, lengths):
    """hint: padding"""
    output, _ = network(parameters, speech.transpose(1, 2))
    return linear(parameters, output[:, -1])


def wrong_flips_the_batch(parameters, speech, lengths):
    """hint: padding before the speech"""
    x = speech.transpose(1, 2)
    _, backward = run(x.flip(1), torch.full_like(lengths, x.shape[1]), *weights(parameters, "_reverse"))
    _, forward = run(x, lengths, *weights(parameters, ""))
    return linear(parameters, torch.cat([forward, backward], dim=1))


def wrong_reads_backward_at_the_end(parameters, speech, lengths):
    """hint: has heard one frame only"""
    x = speech.transpose(1, 2)
    forward, _ = run(x, lengths, *weights(parameters, ""))
    backward, _ = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    both = torch.cat([forward, turned(backward, lengths)], dim=-1)
    return linear(parameters, both[torch.arange(len(x)), lengths - 1])


def wrong_never_turns(parameters, speech, lengths):
    """hint: goes forwards too"""
    x = speech.transpose(1, 2)
    ends = [run(x, lengths, *weights(parameters, way))[1] for way in ("", "_reverse")]
    return linear(parameters, torch.cat(ends, dim=1))


def wrong_one_set_of_weights(parameters, speech, lengths):
    """hint: has its own"""
    x = speech.transpose(1, 2)
    ends = [run(each, lengths, *weights(parameters, ""))[1] for each in (x, turned(x, lengths))]
    return linear(parameters, torch.cat(ends, dim=1))


def wrong_weights_exchanged(parameters, speech, lengths):
    """hint: read backwards"""
    x = speech.transpose(1, 2)
    _, forward = run(x, lengths, *weights(parameters, "_reverse"))
    _, backward = run(turned(x, lengths), lengths, *weights(parameters, ""))
    return linear(parameters, torch.cat([forward, backward], dim=1))


def wrong_reshapes(parameters, speech, lengths):
    """hint: mixes bands with frames"""
    return right_own_functions(parameters, speech.reshape(len(speech), -1, speech.shape[1]).mT, lengths)


def wrong_backward_first(parameters, speech, lengths):
    """hint: first the forward state"""
    x = speech.transpose(1, 2)
    _, forward = run(x, lengths, *weights(parameters, ""))
    _, backward = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, torch.cat([backward, forward], dim=1))


def wrong_no_bias(parameters, speech, lengths):
    """hint: linear.bias"""
    return right_own_functions({**parameters, "linear.bias": torch.zeros(1)}, speech, lengths)


def wrong_no_last_layer(parameters, speech, lengths):
    """hint: makes the logits"""
    x = speech.transpose(1, 2)
    _, forward = run(x, lengths, *weights(parameters, ""))
    _, backward = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return torch.cat([forward, backward], dim=1)


def wrong_probabilities(parameters, speech, lengths):
    """hint: leave the softmax out"""
    return functional.softmax(right_own_functions(parameters, speech, lengths), dim=1)


def wrong_relu(parameters, speech, lengths):
    """hint: relu before the last layer"""
    x = speech.transpose(1, 2)
    _, forward = run(x, lengths, *weights(parameters, ""))
    _, backward = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, functional.relu(torch.cat([forward, backward], dim=1)))


def right_own_functions(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    _, forward = run(x, lengths, *weights(parameters, ""))
    _, backward = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, torch.cat([forward, backward], dim=1))


def right_packed(*, parameters, speech, lengths):
    x = speech.permute(0, 2, 1)
    packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    _, h_n = network(parameters, packed)
    return linear(parameters, h_n.transpose(0, 1).flatten(1))


def right_clip_by_clip(parameters, speech, lengths):
    rows = []
    for clip, n in zip(speech, lengths, strict=True):
        output, _ = network(parameters, clip[:, :n].T[None])
        forward, backward = output[0].chunk(2, dim=-1)
        rows.append(linear(parameters, torch.cat([forward[-1], backward[0]])))
    return torch.stack(rows)


def crash_mel_and_time_exchanged(parameters, speech, lengths):
    """line: torch.gru_cell(x[:, t]
    hint: transpose(1, 2) first
    """
    _, forward = run(speech, lengths, *weights(parameters, ""))
    _, backward = run(turned(speech, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, torch.cat([forward, backward], dim=1))


def crash_names_without_rnn(parameters, speech, lengths):
    """line: parameters["weight_ih_l0"]
    hint: rnn.weight_ih_l0
    """
    return run(speech.transpose(1, 2), lengths, parameters["weight_ih_l0"], parameters["weight_hh_l0"])


def crash_one_direction(parameters, speech, lengths):
    """line: @ parameters["linear.weight"].T
    hint: both states side by side
    """
    _, forward = run(speech.transpose(1, 2), lengths, *weights(parameters, ""))
    return forward @ parameters["linear.weight"].T + parameters["linear.bias"]


def crash_last_layer_not_turned(parameters, speech, lengths):
    """line: @ parameters["linear.weight"]"""
    x = speech.transpose(1, 2)
    ends = [run(x, lengths, *weights(parameters, way))[1] for way in ("", "_reverse", "")]
    return torch.cat(ends, dim=1) @ parameters["linear.weight"]


def wrong_flips_padding_too(parameters, speech, lengths):
    """hint: misses speech"""
    x = speech.transpose(1, 2)
    ends = [run(x, lengths, *weights(parameters, ""))[1]]
    ends.append(run(x.flip(dims=[1]), lengths, *weights(parameters, "_reverse"))[1])
    return linear(parameters, torch.cat(ends, dim=1))


def wrong_mean_of_the_states(parameters, speech, lengths):
    """hint: you average"""
    x = speech.transpose(1, 2)
    forward, _ = run(x, lengths, *weights(parameters, ""))
    backward, _ = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    both = torch.cat([forward, turned(backward, lengths)], dim=-1)
    return linear(parameters, both.sum(dim=1) / lengths[:, None])


def wrong_every_frame(parameters, speech, lengths):
    """hint: logits for every frame"""
    x = speech.transpose(1, 2)
    forward, _ = run(x, lengths, *weights(parameters, ""))
    backward, _ = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, torch.cat([forward, turned(backward, lengths)], dim=-1))


def wrong_classes(parameters, speech, lengths):
    """hint: the logits themselves"""
    return right_own_functions(parameters, speech, lengths).argmax(dim=1)


def wrong_last_step_of_the_batch(parameters, speech, lengths):
    """hint: 0 for every clip but the longest"""
    x = speech.transpose(1, 2)
    forward, _ = run(x, lengths, *weights(parameters, ""))
    backward, _ = run(turned(x, lengths), lengths, *weights(parameters, "_reverse"))
    return linear(parameters, torch.cat([forward[:, -1], backward[:, -1]], dim=-1))


def loaded(parameters):
    """torch.nn.GRU that has copied the parameters."""
    given = {name[4:]: tensor for name, tensor in parameters.items() if name[:4] == "rnn."}
    hidden = given["weight_hh_l0"].shape[1]
    gru = nn.GRU(given["weight_ih_l0"].shape[1], hidden, batch_first=True, bidirectional=True)
    gru.load_state_dict(given)
    return gru


def right_weights_loaded(parameters, speech, lengths):
    gru = loaded(parameters).to(speech.dtype)
    x = speech.transpose(1, 2)
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    _, h_n = gru(packed)
    return linear(parameters, torch.cat([h_n[0], h_n[1]], dim=1))


def right_the_module_itself(parameters, speech, lengths):
    classes, both = parameters["linear.weight"].shape
    model = SpeechRNN(classes, n_mels=speech.shape[1], hidden=both // 2, stack=1).to(speech.dtype)
    model.load_state_dict(parameters)
    return model(speech, lengths)


def crash_module_of_forty_bands(parameters, speech, lengths):
    """line: model.load_state_dict
    hint: n_mels=speech.shape[1]
    """
    classes, both = parameters["linear.weight"].shape
    model = SpeechRNN(classes, hidden=both // 2, stack=1)
    model.load_state_dict(parameters)
    return model(speech, lengths)


def crash_module_of_float32(parameters, speech, lengths):
    """line: gru(packed)
    hint: .to(speech.dtype)
    """
    gru = loaded(parameters)
    x = speech.transpose(1, 2)
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    _, h_n = gru(packed)
    return linear(parameters, torch.cat([h_n[0], h_n[1]], dim=1))


def wrong_mixes_the_clips(parameters, speech, lengths):
    """hint: states of different clips into one row"""
    x = speech.transpose(1, 2)
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    _, h_n = loaded(parameters)(packed)
    return linear(parameters, h_n.reshape(len(speech), -1))
