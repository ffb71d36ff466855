"""What an operator may set, and what is refused before anything starts."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from mustshare_api import settings
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Address, Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NOWHERE = Path("/nonexistent/.env")


def test_the_example_lists_every_setting_with_its_default() -> None:
    """`.env.example` and the code cannot drift apart."""
    written = dotenv_values(EXAMPLE)

    assert list(written) == list(settings.NAMES)
    assert settings.load({}, EXAMPLE) == Settings()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """What is said for one run wins over what is written down."""
    file = tmp_path / ".env"
    file.write_text("MUSTSHARE_RETENTION_DAYS=100\nMUSTSHARE_MEDIA_SLOTS=3\n")

    chosen = settings.load({"MUSTSHARE_RETENTION_DAYS": "200"}, file)

    assert (chosen.retention_days, chosen.media_slots) == (200, 3)


def test_a_misspelt_name_is_refused_and_the_right_one_named() -> None:
    """A misspelt safety setting would be one that is off."""
    with pytest.raises(Misconfigured, match="did you mean MUSTSHARE_TLS_KEY"):
        settings.load({"MUSTSHARE_TSL_KEY": "x"}, NOWHERE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MUSTSHARE_RETENTION_DAYS", "1"),
        ("MUSTSHARE_RETENTION_DAYS", "٣٦٥"),
        ("MUSTSHARE_REPORTER_ADDRESS", "somewhere"),
        ("MUSTSHARE_REPORTER_ADDRESS", "example.org:8443"),
        ("MUSTSHARE_REPORTER_ADDRESS", "127.0.0.1:99999"),
        ("MUSTSHARE_TLS", "off"),
        ("MUSTSHARE_CORS_ORIGINS", "*"),
        ("MUSTSHARE_CORS_ORIGINS", "https://a.example/path"),
        ("MUSTSHARE_MEDIA_SANDBOX", "none"),
    ],
)
def test_a_value_of_another_form_is_refused_in_one_line(name: str, value: str) -> None:
    """The line names the setting and the form, and not the value."""
    with pytest.raises(Misconfigured) as refused:
        settings.load({name: value}, NOWHERE)

    assert name in refused.value.advice
    assert "\n" not in refused.value.advice


def test_addresses_know_whether_only_this_machine_reaches_them() -> None:
    """Evaluation keys are served on such addresses alone."""
    assert Address("127.0.0.1", 1).loopback
    assert Address("::1", 1).loopback
    assert Address("localhost", 1).loopback
    assert not Address("0.0.0.0", 1).loopback  # noqa: S104 - refused, not listened on
    assert str(Address("::1", 8443)) == "[::1]:8443"
