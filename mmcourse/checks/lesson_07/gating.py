"""A gate that decides, feature by feature, whom to believe: the gated multimodal unit."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import gating_slips as slips

torch = lazy("torch")


def _tiny(_generator):
    """One feature of each; the gate is open for the picture by sigmoid(0.5·1 − 0.5·2 + 0.5) = 1/2."""
    return (
        torch.tensor([[1.0]]),
        torch.tensor([[2.0]]),
        torch.tensor([[0.5]]),
        torch.tensor([[-0.25]]),
        torch.tensor([[0.5, -0.5]]),
        torch.tensor([0.5]),
    )


def _case(batch, image, speech, out, size=1.0):
    def make(generator):
        def drawn(*shape):
            return size * torch.randn(*shape, generator=generator)

        weights = drawn(out, image) / image**0.5, drawn(out, speech) / speech**0.5
        gate = drawn(out, image + speech) / (image + speech) ** 0.5, drawn(out)
        return drawn(batch, image), drawn(batch, speech), *weights, *gate

    return make


_SUM = "The gate's two shares are z and 1 − z: z for the picture, 1 − z for the speech."
_TANH = "Each sense's vector goes through tanh by itself, before the gate mixes the two."
_SIGMOID = "The gate is a sigmoid: each feature has a share between 0 and 1 of its own."
_BESIDE = "The gate's input is [batch, d_i + d_s], both side by side: torch.cat([image, speech], dim=1)."
_OWN = "Each example and each feature has its own gate: z is [batch, out]."

gated = Exercise(
    id="07.5",
    name="gated",
    title="A gate between the senses",
    difficulty=1,
    minutes=12,
    stub="return z · tanh(W_i image) + (1 − z) · tanh(W_s speech), with the gate z of both",
    parameters=("image", "speech", "w_image", "w_speech", "w_gate", "b_gate"),
    reference=slips.gated,
    gradient=True,
    hints=(
        "Weights come as torch.nn.Linear keeps them, [out, in]. How do you multiply [batch, in] by that?",
        "The gate looks at both embeddings, side by side, the picture's first. What makes a number between 0 "
        "and 1 of what it finds?",
        "seen = tanh(image @ w_image.T), heard in the same way; z = sigmoid(cat([image, speech], −1) @ "
        "w_gate.T + b_gate).",
        "With seen, heard and z made like this, the last line is: return z * seen + (1 − z) * heard.",
    ),
    cases=(
        Case("one feature each", _tiny),
        Case("random embeddings", _case(5, 3, 4, 6)),
        Case("the picture is wider", _case(4, 7, 2, 3)),
        Case("all sizes alike", _case(3, 3, 3, 3)),
        Case("a batch of one", _case(1, 4, 5, 2)),
        Case("large numbers", _case(3, 4, 2, 5, size=6.0), gradient=False),
    ),
    mistakes=(
        Mistake("swapped", slips.swapped, _SUM),
        Mistake("z for both", slips.both_gate, _SUM),
        Mistake("speech always", slips.second_open, _SUM),
        Mistake("no tanh", slips.no_tanh, _TANH),
        Mistake("relu", slips.relu, _TANH + " You took relu."),
        Mistake("sigmoid", slips.sigmoid_hidden, _TANH + " You took a sigmoid."),
        Mistake("tanh last", slips.tanh_last, _TANH),
        Mistake(
            "no bias",
            slips.no_bias,
            "The gate's bias b_gate is missing: it says whom to believe when nothing else does.",
        ),
        Mistake(
            "bias outside", slips.bias_outside, "The bias belongs inside the sigmoid, or shares leave 0 … 1."
        ),
        Mistake(
            "softmax",
            slips.softmax_features,
            "A softmax over the features lets them compete for one share. " + _SIGMOID,
        ),
        Mistake(
            "softmax over the batch",
            slips.softmax_batch,
            "A softmax over the batch lets the examples compete. " + _SIGMOID,
        ),
        Mistake("tanh gate", slips.tanh_gate, _SIGMOID + " You took tanh."),
        Mistake("no sigmoid", slips.no_sigmoid, _SIGMOID),
        Mistake("one gate", slips.one_gate, _OWN),
        Mistake("one for the batch", slips.batch_gate, _OWN),
        Mistake(
            "hard",
            slips.hard,
            "You let the gate decide all or nothing, through which no gradient reaches it. " + _SIGMOID,
        ),
        Mistake(
            "other order", slips.other_order, "In the gate's input the picture comes first, then the speech."
        ),
        Mistake(
            "of hidden",
            slips.of_hidden,
            "The gate looks at the embeddings as they came, not at what tanh made of them.",
        ),
        Mistake(
            "picture alone",
            slips.picture_alone,
            "The gate looks at both embeddings: yours does not see the speech.",
        ),
        Mistake(
            "a gate each",
            slips.gate_each,
            "There is one gate, made of both embeddings together; the speech gets what it leaves, 1 − z.",
        ),
        Mistake(
            "tanh first",
            slips.tanh_first,
            "tanh comes after the weights: tanh(image @ w_image.T), not of the embedding itself.",
        ),
        Mistake(
            "gate averaged",
            slips.gate_averaged,
            "You average the gate over its features. " + _OWN,
        ),
        Mistake(
            "brackets",
            slips.brackets,
            "Brackets: 1 − z · … is 1 less the product. The speech's share is (1 − z).",
        ),
        Mistake("below each other", slips.below_each_other, _BESIDE),
        Mistake("stacked", slips.stacked, _BESIDE),
        Mistake(
            "not turned",
            slips.not_turned,
            "Weights are [out, in], as nn.Linear keeps them: turn them, image @ w_image.T.",
        ),
        Mistake(
            "matrix product",
            slips.matrix_product,
            "The gate multiplies number by number, with *; @ is the matrix product.",
        ),
        Mistake(
            "detached",
            slips.detached,
            "detach() cuts the gate off from training: its weights would never change.",
        ),
        Mistake(
            "side by side",
            slips.side_by_side,
            "The two are added, feature by feature, not laid side by side.",
        ),
    ),
    noticing="With z = ½ everywhere this is a mean; the gate can learn, example by example, whom to trust. "
    "Lesson 7 measures whether it pays here.",
)
