import pytest

from bot.environment import ALIKE, SHORTEST_SECRET, Environment, WrongValue


def upper(value: str) -> str:
    if not value.isalpha():
        raise WrongValue("should be letters")
    return value.upper()


def test_a_value_is_read_and_an_empty_one_is_unset() -> None:
    environment = Environment({"COLOUR": " red ", "SIZE": "  "}, ("COLOUR", "SIZE"))

    assert environment.required("COLOUR", upper, "choose one") == "RED"
    assert environment.optional("SIZE", upper, "L") == "L"
    assert environment.problems() == ()


def test_problems_stand_in_the_order_in_which_the_variables_were_asked_for() -> None:
    environment = Environment({"COLOUR": "7"}, ("COLOUR", "SIZE"))

    assert environment.required("SIZE", upper, "measure it") == ""
    assert environment.optional("COLOUR", upper, "RED") == "RED"
    environment.problem("COLOUR and SIZE do not go together")

    assert environment.problems() == (
        "SIZE is missing: measure it and set SIZE or SIZE_FILE",
        "COLOUR should be letters",
        "COLOUR and SIZE do not go together",
    )


@pytest.mark.parametrize(("secret", "line"), [("x" * SHORTEST_SECRET, "COLOUR is ***"), ("red", "COLOUR is red")])
def test_a_secret_is_taken_out_of_every_line_unless_it_is_too_short_to_be_one(secret: str, line: str) -> None:
    environment = Environment({"KEY": secret}, ("KEY", "COLOUR"), secret=("KEY",))
    environment.optional("KEY", str, "")

    environment.problem(f"COLOUR is {secret}")

    assert environment.problems() == (line,)


def test_a_problem_is_one_line_whatever_the_value_was() -> None:
    environment = Environment({}, ())

    environment.problem("COLOUR is\n\tred")

    assert environment.problems() == ("COLOUR is red",)


@pytest.mark.parametrize("value", ['"red"', "'red'"])
def test_quotation_marks_that_became_part_of_the_value_are_a_problem(value: str) -> None:
    environment = Environment({"COLOUR": value}, ("COLOUR",))

    assert environment.optional("COLOUR", upper, "RED") == "RED"
    assert "quotation marks" in environment.problems()[0]


def test_a_misspelled_name_is_pointed_out_unless_the_name_is_a_usual_one() -> None:
    assert 0 < ALIKE < 1
    environ = {"COLOURS": "red", "LOG_LEVELS": "high", "colour_fil": "", "PALETTE": "warm"}
    environment = Environment(environ, ("COLOUR", "LOG_LEVEL"), usual=("LOG_LEVEL",))

    assert environment.problems() == ("COLOURS is not a variable of this bot: did you mean COLOUR?",)


def test_a_missing_variable_with_a_misspelled_name_is_one_problem() -> None:
    environment = Environment({"COLOURS": "red"}, ("COLOUR",))

    assert environment.required("COLOUR", upper, "choose one") == ""
    assert len(environment.problems()) == 1
