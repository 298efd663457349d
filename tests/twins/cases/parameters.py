"""A dict by its prefix has no counterpart in torch."""

TWINS = []
ELSEWHERE = {"part": "tests/twins/test_parameters.py::test_a_part_is_what_the_part_calls_its_own"}
