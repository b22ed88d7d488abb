"""身份证号: checksum, date, mask; nothing is completed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pioneer.kernel.identity import ROUNDED, born_on, check_digit, clean_number, mask, number_problem, sex_of

pytestmark = pytest.mark.pure
TODAY = date(2026, 4, 1)
bounded = settings(derandomize=True, max_examples=200, deadline=None)
days = st.dates(date(1900, 1, 1), TODAY)
regions = st.sampled_from(["110101", "140108", "650102", "440305"])


def _number(region: str, born: date, serial: str = "000") -> str:
    front = f"{region}{born:%Y%m%d}{serial}"
    return front + check_digit(front)


@bounded
@given(regions, days)
def test_a_number_with_the_serial_nobody_has_is_accepted(region: str, born: date) -> None:
    number = _number(region, born)
    assert number_problem(number, TODAY) is None
    assert born_on(number) == born
    assert sex_of(number) == ""


@bounded
@given(regions, days, st.integers(0, 17), st.integers(1, 9))
def test_one_changed_digit_is_refused(region: str, born: date, place: int, step: int) -> None:
    number = _number(region, born)
    old = number[place]
    new = str((int(old) + step) % 10) if old != "X" else str(step)
    assert number_problem(number[:place] + new + number[place + 1 :], TODAY) is not None


@bounded
@given(st.text(max_size=30))
def test_no_text_makes_it_fail(text: str) -> None:
    number = clean_number(text)
    number_problem(number, TODAY)
    mask(number)
    sex_of(number)
    born_on(number)


def test_the_example_of_the_standard() -> None:
    assert check_digit("11010519491231002") == "X"
    assert number_problem("11010519491231002X", TODAY) is None
    assert sex_of("11010519491231002X") == "female"
    assert sex_of("440524188001010014") == "male"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.40108E+17", "identity_rounded"),
        ("1.40108198703e17", "identity_rounded"),
        ("140108198703150000", "identity_rounded"),
        ("140108870315000", "identity_old"),
        ("14010819870315", "identity_length"),
        ("14010819870315000A", "identity_characters"),
        ("990108198703150000", "identity_rounded"),
        ("440524188001010014", "identity_birth"),
    ],
)
def test_each_fault_has_its_code(text: str, code: str) -> None:
    problem = number_problem(clean_number(text), TODAY)
    assert problem is not None
    assert problem[0] == code
    if code == "identity_rounded":
        assert problem[1] == ROUNDED == "Excel 已丢失末几位，请将该列设为文本后重填"


def test_impossible_and_future_dates_and_regions() -> None:
    for front in ("14010819870230000", "14010820991231000", "14010819871301000"):
        assert number_problem(front + check_digit(front), TODAY) is not None
    front = "99010819870315000"
    problem = number_problem(front + check_digit(front), TODAY)
    assert problem is not None
    assert problem[0] == "identity_region"


@pytest.mark.parametrize(
    "written",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002x ",
        "'11010519491231002X",
        '="11010519491231002X"',
        "110105-19491231-002X",
    ],
)
def test_ways_of_writing_are_made_one(written: str) -> None:
    assert clean_number(written) == "11010519491231002X"


def test_the_mask_shows_neither_birth_nor_county() -> None:
    assert mask("11010519491231002X") == "1101**********002X"
    assert mask("123") == "***"
    assert mask("") == ""
