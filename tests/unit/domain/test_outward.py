"""Where a webhook may go: names of the Internet, and nothing of our own in any spelling."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.outward import (
    Destination,
    destination,
    is_of_the_internet,
    judged,
)
from mustshare_api.errors import Malformed


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://hooks.example.org", Destination("hooks.example.org", 443, "/")),
        ("https://HOOKS.example.org/a?b=c", Destination("hooks.example.org", 443, "/a?b=c")),
        ("https://hooks.example.org:443/", Destination("hooks.example.org", 443, "/")),
        ("https://a.b-c.co.th/%E0%B8%81", Destination("a.b-c.co.th", 443, "/%E0%B8%81")),
        ("https://เบาะแส.ไทย/a", Destination("xn--r3c6arh2ej.xn--o3cw4h", 443, "/a")),
        ("https://xn--o3cw4h.example/?a", Destination("xn--o3cw4h.example", 443, "/?a")),
    ],
)  # fmt: skip
def test_an_address_of_the_internet_is_read(url: str, found: Destination) -> None:
    """And is written in one spelling, which reads as the same."""
    assert destination(url) == found
    assert destination(found.url) == found


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "webhook.url_malformed"),
        ("http://hooks.example.org/", "webhook.url_malformed"),
        ("HTTPS://hooks.example.org/", "webhook.url_malformed"),
        ("ftp://hooks.example.org/", "webhook.url_malformed"),
        ("hooks.example.org", "webhook.url_malformed"),
        ("https:///a", "webhook.url_malformed"),
        ("https://user@hooks.example.org/", "webhook.url_malformed"),
        ("https://user:word@hooks.example.org/", "webhook.url_malformed"),
        ("https://hooks.example.org@127.0.0.1/", "webhook.url_malformed"),
        ("https://hooks.example.org\\@127.0.0.1/", "webhook.url_malformed"),
        ("https://hooks.example.org\\.evil.example/", "webhook.url_malformed"),
        ("https://hooks.example.org/#a", "webhook.url_malformed"),
        ("https://hooks.example.org/a b", "webhook.url_malformed"),
        ("https://hooks.example.org/\r\nhost: inside", "webhook.url_malformed"),
        ("https://hooks.example.org/\n", "webhook.url_malformed"),
        ("https://hooks.example.org/ก", "webhook.url_malformed"),
        ("https://[::1]/", "webhook.url_malformed"),
        ("https://[fe80::1%25eth0]/", "webhook.url_malformed"),
        ("https://hooks.example.org%2f.evil.example/", "webhook.url_malformed"),
        ("https://hooks.example.org:0/", "webhook.url_malformed"),
        ("https://hooks.example.org:/", "webhook.url_malformed"),
        ("https://hooks.example.org:443:443/", "webhook.url_malformed"),
        ("https://hooks.example.org/" + "a" * 512, "webhook.url_malformed"),
        ("https://hooks.example.org:22/", "webhook.port_refused"),
        ("https://hooks.example.org:8443/", "webhook.port_refused"),
        ("https://hooks.example.org:99999/", "webhook.port_refused"),
    ],
)
def test_what_is_no_such_address_is_refused(url: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        destination(url)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "hooks", "printer.local"),
        *("db.internal", "intranet.corp", "router.home.arpa", "a.lan", "abc.onion"),
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
        *("10.0.0.7", "169.254.169.254", "8.8.8.8", "1.2.3.4.", "0", "00.00.00.00", "a.0x1"),
        # Full-width digits and letters, circled digits, ideographic full stops.
        *("\uff11\uff12\uff17.\uff10.\uff10.\uff11", "①②⑦.0.0.1", "127。0。0。1"),
        *("\uff4cocalhost", "⑩.example.\uff11"),
        *("hooks.example.org.", ".example.org", "hooks..example.org", "-a.example.org"),
        *("a_b.example.org", "a.example.o-rg", "example.c", "xn--.example.org."),
        *("a" * 64 + ".example.org", ".".join(["abcdefgh"] * 31) + ".org"),
        "\u200b.example.org\u200b.",
    ],
)  # fmt: skip
def test_a_host_that_is_no_name_of_the_internet_is_refused(host: str) -> None:
    """A number in whatever spelling, a name for home use, a name with a dot behind."""
    with pytest.raises(Malformed):
        destination(f"https://{host}/")


def test_a_port_that_is_allowed_is_taken() -> None:
    found = destination("https://hooks.example.org:8443/a", (443, 8443))

    assert (found.port, found.authority) == (8443, "hooks.example.org:8443")
    assert found.url == "https://hooks.example.org:8443/a"


@pytest.mark.parametrize(
    "address",
    [
        *("0." * 3 + "0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1"),
        *("192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1"),
        *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::"),
        *("2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
        *("fe80::1%eth0", "2606:4700::1%1", "fec0::1", "ff02::1", "", "a", "1.2.3", "0x7f.1"),
    ],
)  # fmt: skip
def test_an_address_of_our_own_or_of_nobody_is_refused(address: str) -> None:
    assert not is_of_the_internet(address)
    with pytest.raises(Malformed):
        judged(["8.8.8.8", address])


@pytest.mark.parametrize("address", ["8.8.8.8", "203.150.1.1", "2606:4700::1111", "2400::1"])
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert judged([address]) == [address]


def test_a_name_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(Malformed):
        judged([])


@given(st.ip_addresses())
def test_nothing_passes_that_python_calls_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Our list is the narrower one, for every address there is."""
    if is_of_the_internet(str(address)):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved
