"""The one error that a learner is meant to read as a sentence."""


class CourseError(Exception):
    """Something the learner can put right; the message says what, and what to do next.

    The command line prints the message without a traceback and ends with exit code 2.
    """

    exit_code = 2
