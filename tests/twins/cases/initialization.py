"""First values are drawn anew: they are compared with torch's, seed by seed, in a test of their own."""

TWINS = []
ELSEWHERE = {
    "fans": "tests/twins/test_initialization.py::test_fans_are_torchs",
    "calculate_gain": "tests/twins/test_initialization.py::test_gains_are_torchs",
    "uniform": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "xavier_uniform": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "xavier_normal": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "kaiming_uniform": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "kaiming_normal": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "orthogonal": "tests/twins/test_initialization.py::test_one_seed_gives_torchs_numbers",
    "weight_and_bias": "tests/twins/test_initialization.py::test_layers_begin_as_torchs_do",
}
