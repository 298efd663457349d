"""What the checks of lesson 4 call right is what mmcourse.scratch, torch.nn and SpeechRNN give."""

import pytest
import torch

from mmcourse.checks import lesson_04
from mmcourse.checks.exercise import Args
from mmcourse.modules.speech_models import SpeechRNN
from mmcourse.scratch import optim, rnn, rnn_backward, rnn_cells, speech_models, summaries

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def inputs(exercise):
    """The arguments of every case."""
    return [
        Args.of(case.make(torch.Generator().manual_seed(n))).args for n, case in enumerate(exercise.cases)
    ]


def same(one, other):
    torch.testing.assert_close(one, other, equal_nan=True)


@pytest.mark.parametrize("name", ["rnn_cell", "gru_cell", "lstm_cell"])
def test_cells(name):
    exercise = getattr(lesson_04, name)
    for args in inputs(exercise):
        same(exercise.reference(*args), getattr(rnn_cells, name)(*args))


def test_a_whole_clip():
    for x, *weights in inputs(lesson_04.rnn):
        parameters = {f"{kind}_l0": weight for kind, weight in zip(KINDS, weights, strict=True)}
        output, _ = rnn.rnn(parameters, x, batch_first=True)
        same(lesson_04.rnn.reference(x, *weights), output)


@pytest.mark.parametrize("name", ["last_valid", "masked_max", "reverse_padded"])
def test_summaries(name):
    exercise = getattr(lesson_04, name)
    for args in inputs(exercise):
        same(exercise.reference(*args), getattr(summaries, name)(*args))


def test_both_ends_are_the_last_states_of_torch():
    x, lengths = torch.randn(3, 6, 2), torch.tensor([6, 2, 4])
    gru = torch.nn.GRU(2, 4, batch_first=True, bidirectional=True)
    output, h_n = rnn.gru(gru.state_dict(), x, batch_first=True, lengths=lengths)
    same(lesson_04.both_ends.reference(output, lengths), torch.cat([h_n[0], h_n[1]], dim=-1))


def test_clipping():
    for gradients, max_norm in inputs(lesson_04.clip_grad_norm):
        weights = [torch.zeros_like(g).requires_grad_() for g in gradients]
        for weight, g in zip(weights, gradients, strict=True):
            weight.grad = g.clone()
        total = optim.clip_grad_norm(weights, max_norm)
        clipped, ours = lesson_04.clip_grad_norm.reference(gradients, max_norm)
        torch.testing.assert_close(ours, total.item(), rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(clipped, [weight.grad for weight in weights], rtol=1e-5, atol=1e-5)


def test_unequal_lengths():
    for x, lengths, *weights in inputs(lesson_04.run_padded):
        parameters = {f"{kind}_l0": weight for kind, weight in zip(KINDS, weights, strict=True)}
        output, h_n = rnn.gru(parameters, x, batch_first=True, lengths=lengths)
        same(lesson_04.run_padded.reference(x, lengths, *weights), (output, h_n[0]))


def test_the_way_back():
    for args in inputs(lesson_04.rnn_backward):
        found = rnn_backward.rnn_backward(*args)
        same(lesson_04.rnn_backward.reference(*args), (found.input, found.w_ih, found.w_hh, found.bias))


def test_the_states_given_for_the_way_back_are_real():
    """So that an answer by autograd, which makes them anew, is right too."""
    for grad_output, x, output, w_ih, w_hh in inputs(lesson_04.rnn_backward):
        before = torch.cat([torch.zeros_like(output[:, :1]), output[:, :-1]], dim=1)
        bias = torch.atanh(output) - x @ w_ih.T - before @ w_hh.T
        torch.testing.assert_close(bias, bias[:1, :1].expand_as(bias), rtol=1e-4, atol=1e-4)
        assert grad_output.shape == output.shape


def test_the_whole_is_the_course_module_and_its_twin():
    for parameters, speech, lengths in inputs(lesson_04.speech_gru):
        classes, both = parameters["linear.weight"].shape
        model = SpeechRNN(classes, n_mels=speech.shape[1], hidden=both // 2, stack=1)
        model.load_state_dict(parameters)
        ours = lesson_04.speech_gru.reference(parameters, speech, lengths)
        same(ours, model(speech, lengths).detach())
        same(ours, speech_models.speech_rnn(parameters, speech, lengths, cell="gru"))
