"""Schedules give numbers, not tensors: they are compared with torch's in a test of their own."""

TWINS = []
ELSEWHERE = {
    "cosine": "tests/twins/test_schedules.py::test_cosine_is_torchs",
    "one_cycle": "tests/twins/test_schedules.py::test_one_cycle_is_torchs",
}
