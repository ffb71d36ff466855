"""Places as officers type them: names in two languages, near misses, and codes of before."""

import pytest

from mustshare_api.keytool.inbox.place_names import code_of, is_in, name_of
from mustshare_api.keytool.refusal import Refusal
from tests.keytool.conftest import Reporter, Tool


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("เชียงใหม่", "50"), ("จ.เชียงใหม่", "50"), ("จังหวัด เชียงใหม่", "50"),
        ("Chiang Mai", "50"), ("chiangmai", "50"), ("CHIANG-MAI", "50"), ("๕๐", "50"),
        ("กทม.", "10"), ("กรุงเทพฯ", "10"), ("Bangkok", "10"), ("บึงกาฬ", "38"),
        ("แม่ริม", "5007"), ("อ.แม่ริม", "5007"), ("Mae Rim", "5007"), ("5007", "5007"),
        ("เขตพระนคร", "1001"), ("พระนคร", "1001"), ("500701", "500701"),
        ("อํานาจเจริญ", "37"), ("น่าน", "55"),
        ("เฉลิมพระเกียรติ น่าน", "5515"), ("น่าน เฉลิมพระเกียรติ", "5515"),
        ("Chaloem Phra Kiat, Nan", "5515"), ("Chiang Mai Province", "50"),
        ("Mae Rim District, Chiang Mai Province", "5007"), ("เขตพระนคร กทม.", "1001"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_whatever_people_call_it(typed: str, code: str) -> None:
    """In Thai or English, with or without what stands before it, however it was spaced."""
    assert code_of(typed, "th") == code


@pytest.mark.parametrize(
    ("typed", "code", "named"),
    [
        ("เชียงไหม่", "place.no_such_name", "เชียงใหม่ (50)"),
        ("Chang Mai", "place.no_such_name", "เชียงใหม่ (50)"),
        ("จอมทอง", "place.several", "เชียงใหม่ จอมทอง (5002)"),
        ("เฉลิมพระเกียรติ", "place.several", "น่าน เฉลิมพระเกียรติ (5515)"),
        ("", "place.no_such_name", "-"),
        ("x" * 5000, "place.no_such_name", "-"),
        ("99", "place.no_such_code", None),
        ("1", "place.no_such_code", None),
        ("10 01", "place.no_such_name", "-"),
    ],
)
def test_a_name_that_is_none_or_several_is_refused_with_the_nearest(
    typed: str, code: str, named: str | None
) -> None:
    """Each with its code, which is never ambiguous."""
    with pytest.raises(Refusal) as refused:
        code_of(typed, "th")

    assert refused.value.code == code
    assert named is None or named in str(refused.value.values["names"])


def test_a_code_of_before_is_in_the_place_that_its_area_is_in_today() -> None:
    """What was cut out of Nong Khai is in Bueng Kan, and an old form says the old code."""
    assert is_in("4303", "38")
    assert is_in("4303", "43")
    assert not is_in("4301", "38")
    assert not is_in(None, "43")


def test_a_listing_shows_names_in_the_language_of_the_terminal(
    tool: Tool, reporter: Reporter
) -> None:
    """Not codes; and a wrong name is told before the passphrase is asked for."""
    reporter.send_text("ถนนพัง", place="500701")
    tool.unlocked("sync")
    thai = tool.unlocked("inbox", "--province", "เชียงใหม่", lang="th").out
    english = tool.unlocked("inbox", "--place", "Mae Rim").out

    assert ("เชียงใหม่ แม่ริม" in thai, "Chiang Mai, Mae" in english) == (True, True)
    assert "500701" not in thai + english
    ended = tool.run("inbox", "--province", "Chang Mai")
    assert (ended.code, "Near it: Chiang Mai (50)" in ended.err) == (1, True)
    assert name_of(None, "th") == "-"
