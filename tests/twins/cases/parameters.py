"""Dicts of parameters have no counterpart in torch."""

TWINS = []
ELSEWHERE = {
    "part": "tests/twins/test_parameters.py::test_a_part_is_what_the_part_calls_its_own",
    "parts": "tests/twins/test_parameters.py::test_parts_come_in_the_order_of_their_numbers",
    "joined": "tests/twins/test_parameters.py::test_joined_names_are_those_of_the_module",
    "copied": "tests/twins/test_parameters.py::test_a_copy_learns_and_the_module_stays",
    "learnable": "tests/twins/test_parameters.py::test_learnable_is_what_the_module_lets_learn",
}
