"""Steps are compared over several of them, in a test of their own."""

TWINS = []
ELSEWHERE = {
    "Optimizer": "tests/twins/test_optim.py::test_many_steps_are_torchs_steps",
    "SGD": "tests/twins/test_optim.py::test_many_steps_are_torchs_steps",
    "Adam": "tests/twins/test_optim.py::test_many_steps_are_torchs_steps",
    "AdamW": "tests/twins/test_optim.py::test_many_steps_are_torchs_steps",
    "clip_grad_norm": "tests/twins/test_optim.py::test_clipping_the_common_length_is_torchs",
    "clip_grad_value": "tests/twins/test_optim.py::test_clipping_values_is_torchs",
}
