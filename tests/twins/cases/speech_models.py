"""Twins of scratch.speech_models in mmcourse.modules."""

from hypothesis import strategies as st

from mmcourse.modules import speech_models as theirs
from mmcourse.scratch import speech_models as ours
from mmcourse.scratch import speech_parameters as fresh
from tests.twins.cases.image_models import by_module, drawn, with_sizes
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 3)


def clips(draw, tensor, n_mels):
    """Speech with padding that is no 0, and lengths."""
    batch, time = draw(SIZES), draw(st.integers(1, 9))
    lengths = (tensor(batch).abs() * 1e3).long() % time + 1
    return tensor(batch, n_mels, time), lengths


def example_of(fresh, **choices):
    """An example whose sizes are drawn from choices, and from 1 to 3 for n_mels and features."""

    def example(draw, tensor):
        sizes = {"features": draw(SIZES), "n_mels": draw(SIZES)}
        sizes |= {name: draw(choice) for name, choice in choices.items()}
        parameters = drawn(fresh(**sizes), tensor)
        return Call(
            parameters, *clips(draw, tensor, sizes["n_mels"]), training=draw(st.booleans()), sizes=sizes
        )

    return example


def recurrent(cell):
    return example_of(
        fresh.speech_rnn_parameters,
        hidden=SIZES,
        num_layers=st.integers(1, 2),
        bidirectional=st.booleans(),
        cell=st.just(cell),
        stack=SIZES,
    )


def speech_rnn(parameters, speech, lengths, *, training, sizes):
    return ours.speech_rnn(parameters, speech, lengths, cell=sizes["cell"], training=training)


def speech_transformer(*args, sizes, **kwargs):
    return ours.speech_transformer(*args, num_heads=2, dropout=0.0, **kwargs)


def stacked(draw, tensor):
    return Call(*clips(draw, tensor, draw(SIZES)), draw(st.integers(1, 4)))


CNN = example_of(fresh.speech_cnn_parameters, channels=SIZES)
# Layer norm makes two numbers into -1 and 1, whatever they are: of those, only rounding is left. And a single
# output may come out near 0 from terms that are not, which float32 cannot give to 1e-5 of itself.
TRANSFORMER = example_of(
    fresh.speech_transformer_parameters,
    features=st.integers(4, 5),
    width=st.sampled_from([6, 8]),
    num_layers=st.integers(1, 2),
    stack=SIZES,
)
RNN = speech_rnn, by_module(theirs.SpeechRNN)
TWINS = [
    Twin("speech_cnn", with_sizes(ours.speech_cnn), by_module(theirs.SpeechCNN), CNN),
    Twin("speech_rnn, Elman", *RNN, recurrent("rnn")),
    Twin("speech_rnn, GRU", *RNN, recurrent("gru")),
    Twin("speech_rnn, LSTM", *RNN, recurrent("lstm")),
    Twin(
        "speech_transformer",
        speech_transformer,
        by_module(lambda **sizes: theirs.SpeechTransformer(**sizes, num_heads=2, dropout=0.0)),
        TRANSFORMER,
    ),
    Twin("stack_frames", ours.stack_frames, theirs.stack_frames, stacked),
]
FRESH = "tests/twins/test_models.py::test_fresh_parameters_are_those_of_a_new_module"
ELSEWHERE = dict.fromkeys(
    ["speech_cnn_parameters", "speech_rnn_parameters", "speech_transformer_parameters"], FRESH
)
