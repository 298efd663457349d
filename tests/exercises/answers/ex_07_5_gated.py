"""Answers to 07.5 gated: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F


def pieces(image, speech, w_image, w_speech, w_gate, b_gate):
    joined = torch.cat([image, speech], dim=1)
    return (
        torch.tanh(F.linear(image, w_image)),
        torch.tanh(F.linear(speech, w_speech)),
        F.linear(joined, w_gate, b_gate),
    )


def right_linear(*given):
    seen, heard, scores = pieces(*given)
    z = torch.sigmoid(scores)
    return z * seen + (1 - z) * heard


def right_lerp(*, image, speech, w_image, w_speech, w_gate, b_gate):
    seen, heard, scores = pieces(image, speech, w_image, w_speech, w_gate, b_gate)
    return torch.lerp(heard, seen, scores.sigmoid())


def right_weights_of_the_gate_in_two(image, speech, w_image, w_speech, w_gate, b_gate):
    cut = image.shape[1]
    z = 1 / (1 + torch.exp(-(image @ w_gate[:, :cut].T + speech @ w_gate[:, cut:].T + b_gate)))
    return heard_and_seen(z, torch.tanh(image @ w_image.T), torch.tanh(speech @ w_speech.T))


def heard_and_seen(z, seen, heard):
    return heard + z * (seen - heard)


def wrong_exchanged(*given):
    """hint: z for the picture"""
    seen, heard, scores = pieces(*given)
    z = scores.sigmoid()
    return (1 - z) * seen + z * heard


def wrong_same_share(*given):
    """hint: z for the picture"""
    seen, heard, scores = pieces(*given)
    return (seen + heard) * scores.sigmoid()


def wrong_speech_in_full(*given):
    """hint: z for the picture"""
    seen, heard, scores = pieces(*given)
    return seen * scores.sigmoid() + heard


def wrong_without_tanh(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: goes through tanh"""
    z = (torch.cat([image, speech], 1) @ w_gate.T + b_gate).sigmoid()
    return z * F.linear(image, w_image) + (1 - z) * F.linear(speech, w_speech)


def wrong_relu(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: you took relu"""
    z = (torch.cat([image, speech], 1) @ w_gate.T + b_gate).sigmoid()
    return z * F.relu(F.linear(image, w_image)) + (1 - z) * F.relu(F.linear(speech, w_speech))


def wrong_tanh_of_the_mixture(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: before the gate mixes"""
    z = (torch.cat([image, speech], 1) @ w_gate.T + b_gate).sigmoid()
    return torch.tanh(z * F.linear(image, w_image) + (1 - z) * F.linear(speech, w_speech))


def wrong_bias_forgotten(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: b_gate is missing"""
    return right_linear(image, speech, w_image, w_speech, w_gate, b_gate * 0)


def wrong_bias_after_the_sigmoid(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: inside the sigmoid"""
    z = F.linear(torch.cat([image, speech], 1), w_gate).sigmoid() + b_gate
    return heard_and_seen(z, torch.tanh(F.linear(image, w_image)), torch.tanh(F.linear(speech, w_speech)))


def wrong_softmax_over_features(*given):
    """hint: a softmax over the features"""
    seen, heard, scores = pieces(*given)
    z = F.softmax(scores, dim=1)
    return z * seen + (1 - z) * heard


def wrong_softmax_over_examples(*given):
    """hint: a softmax over the batch"""
    seen, heard, scores = pieces(*given)
    z = F.softmax(scores, dim=0)
    return z * seen + (1 - z) * heard


def wrong_tanh_for_the_gate(*given):
    """hint: you took tanh"""
    seen, heard, scores = pieces(*given)
    return heard_and_seen(scores.tanh(), seen, heard)


def wrong_no_sigmoid(*given):
    """hint: the gate is a sigmoid"""
    seen, heard, scores = pieces(*given)
    return heard_and_seen(scores, seen, heard)


def wrong_one_number_an_example(*given):
    """hint: each feature has its own gate"""
    seen, heard, scores = pieces(*given)
    return heard_and_seen(scores.mean(1, keepdim=True).sigmoid(), seen, heard)


def wrong_one_gate_for_all(*given):
    """hint: each feature has its own gate"""
    seen, heard, scores = pieces(*given)
    return heard_and_seen(scores.mean(0).sigmoid(), seen, heard)


def wrong_all_or_nothing(*given):
    """hint: all or nothing"""
    seen, heard, scores = pieces(*given)
    return torch.where(scores > 0, seen, heard)


def wrong_gate_detached(*given):
    """hint: cuts the gate off"""
    seen, heard, scores = pieces(*given)
    return heard_and_seen(scores.detach().sigmoid(), seen, heard)


def wrong_side_by_side(*given):
    """hint: not laid side by side"""
    seen, heard, scores = pieces(*given)
    z = scores.sigmoid()
    return torch.cat([z * seen, (1 - z) * heard], 1)


def wrong_gate_sees_the_picture_only(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: does not see the speech"""
    z = (image @ w_gate[:, : image.shape[1]].T + b_gate).sigmoid()
    return z * F.linear(image, w_image).tanh() + (1 - z) * F.linear(speech, w_speech).tanh()


def wrong_a_gate_for_each(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: there is one gate"""
    for_image, for_speech = w_gate.split([image.shape[1], speech.shape[1]], dim=1)
    seen = torch.sigmoid(F.linear(image, for_image, b_gate)) * torch.tanh(F.linear(image, w_image))
    return seen + torch.sigmoid(F.linear(speech, for_speech, b_gate)) * torch.tanh(F.linear(speech, w_speech))


def wrong_tanh_before_the_weights(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: comes after the weights"""
    z = F.linear(torch.cat([image, speech], 1), w_gate, b_gate).sigmoid()
    return z * F.linear(image.tanh(), w_image) + (1 - z) * F.linear(speech.tanh(), w_speech)


def wrong_gate_averaged(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: over its features"""
    seen, heard = torch.tanh(image @ w_image.T), torch.tanh(speech @ w_speech.T)
    z = torch.sigmoid(torch.cat([image, speech], 1) @ w_gate.T + b_gate).mean(1, keepdim=True)
    return z * seen + (1 - z) * heard


def wrong_brackets_forgotten(image, speech, w_image, w_speech, w_gate, b_gate):
    """hint: 1 less the product"""
    seen, heard = torch.tanh(image @ w_image.T), torch.tanh(speech @ w_speech.T)
    z = torch.sigmoid(torch.cat([image, speech], 1) @ w_gate.T + b_gate)
    return z * seen + 1 - z * heard


def crash_matrix_product(image, speech, w_image, w_speech, w_gate, b_gate):
    """line: z @ seen
    hint: number by number"""
    seen, heard = torch.tanh(image @ w_image.T), torch.tanh(speech @ w_speech.T)
    z = torch.sigmoid(torch.cat([image, speech], 1) @ w_gate.T + b_gate)
    return z @ seen + (1 - z) @ heard


def crash_weights_not_turned(image, speech, w_image, w_speech, w_gate, b_gate):
    """line: torch.cat([image, speech], 1) @ w_gate"""
    z = torch.sigmoid(torch.cat([image, speech], 1) @ w_gate @ w_gate)
    return z * image


def crash_stacked(image, speech, w_image, w_speech, w_gate, b_gate):
    """line: image.view(-1, speech)"""
    return image.view(-1, speech)
