"""Twins of scratch.image_models in mmcourse.modules."""

from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules import image_models as theirs
from mmcourse.scratch import image_models as ours
from mmcourse.scratch.parameters import STATISTICS
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 3)


def statistics_apart(parameters):
    """Running statistics share memory with those given and need no gradient, as a module's buffers do."""
    return {
        name: value.detach() if name.rpartition(".")[2] in STATISTICS else value
        for name, value in parameters.items()
    }


def by_function(function):
    return lambda parameters, *args, **kwargs: function(statistics_apart(parameters), *args, **kwargs)


def by_module(module):
    """Call a module, of the sizes given, with these parameters in the place of its own."""

    def call(parameters, *args, training=False, sizes=None):
        made = module(**sizes).train(training)
        return functional_call(made, statistics_apart(parameters), args)

    return call


def with_sizes(function):
    return lambda *args, sizes=None, **kwargs: by_function(function)(*args, **kwargs)


def drawn(parameters, tensor):
    """Other numbers in the place of the first ones: no bias is 0, no scale is 1."""
    for name, value in parameters.items():
        if name.endswith("running_var"):
            parameters[name] = tensor(*value.shape).abs() + 0.5
        elif value.is_floating_point():
            parameters[name] = tensor(*value.shape) / max(value[0].numel(), 1) ** 0.5
    return {name: value.detach() for name, value in parameters.items()}


def picture(fresh, training, least=1):
    """An example; `least` is the smallest side of a picture."""

    def example(draw, tensor):
        # In training, batch norm of few numbers divides by almost nothing, and magnifies rounding.
        some = st.integers(2, 4) if training else SIZES
        sizes = {"features": draw(SIZES), "in_channels": draw(SIZES), "channels": draw(some)}
        side = st.integers(5 if training else least, 9)
        image = tensor(draw(some), sizes["in_channels"], draw(side), draw(side))
        return Call(drawn(fresh(**sizes), tensor), image, training=training, sizes=sizes)

    return example


CNN = picture(ours.image_cnn_parameters, training=False, least=2)
TRAINING = picture(ours.image_resnet_parameters, training=True)
EVALUATING = picture(ours.image_resnet_parameters, training=False)
RESNET = with_sizes(ours.image_resnet), by_module(theirs.ImageResNet)
TWINS = [
    Twin("image_cnn", with_sizes(ours.image_cnn), by_module(theirs.ImageCNN), CNN),
    Twin("image_resnet, training", *RESNET, TRAINING, changed=True),
    Twin("image_resnet, evaluating", *RESNET, EVALUATING, covers=("residual_block",)),
]
FRESH = "tests/twins/test_models.py::test_fresh_parameters_are_those_of_a_new_module"
ELSEWHERE = dict.fromkeys(["image_cnn_parameters", "image_resnet_parameters"], FRESH)
