"""Learners' answers against the real checks: wrong ones are named, right ones pass, crashes show the line."""


def test_wrong_answer_is_caught_and_named(wrong):
    result = wrong.exercise(wrong.function)
    assert result.status == "wrong"
    assert wrong.words.lower() in result.message.lower()
    if "(Seed 0;" in result.message:  # it fell on random inputs: not by luck
        assert wrong.exercise(wrong.function, seed=1234).status == "wrong"


def test_right_answer_of_another_form_is_accepted(right):
    result = right.exercise(right.function)
    assert result.passed, result.message


def test_crash_shows_the_learners_own_line(crash):
    result = crash.exercise(crash.function)
    assert result.status == "crashed"
    assert crash.words in result.message
    assert crash.hint.lower() in result.hint.lower()
    assert "mmcourse/checks" not in result.message  # no frames of ours


def test_known_mistake_is_wrong_and_gets_its_sentence(mistake_of):
    exercise, mistake = mistake_of
    result = exercise(mistake.wrong)
    assert not result.passed
    assert result.hint == mistake.sentence
