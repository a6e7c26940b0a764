"""What may be called outside, and what may not."""

import ipaddress

import pytest

from churnapp.common.egress import EgressError, check_form, is_open, look_up


@pytest.mark.parametrize(
    "address, code",
    [
        ("http://example.com/", "not_https"),
        ("ftp://example.com/", "not_https"),
        ("https:///nothing", "no_address"),
        ("https://example.com/#part", "no_address"),
        ("https://kari:secret@example.com/", "has_password"),
        ("https://example.com:22/", "closed_port"),
        ("https://example.com:99999/", "no_address"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_by_its_form(address, code):
    with pytest.raises(EgressError) as refusal:
        check_form(address)
    assert refusal.value.code == code


@pytest.mark.parametrize("address", ["https://example.com", "https://example.com:8443/a?b=c"])
def test_other_addresses_may_be_called(address):
    assert check_form(address).hostname == "example.com"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:a00:1::",
    ],
)  # fmt: skip
def test_networks_of_ones_own_are_closed(address):
    assert not is_open(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111"])
def test_public_hosts_are_open(address):
    assert is_open(ipaddress.ip_address(address))


def test_an_installation_may_open_a_network_of_its_own(settings):
    settings.EGRESS_NETWORKS = ["10.1.0.0/16"]
    assert is_open(ipaddress.ip_address("10.1.2.3"))
    assert is_open(ipaddress.ip_address("::ffff:10.1.2.3"))
    assert not is_open(ipaddress.ip_address("10.2.2.3"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433"])
def test_a_name_of_this_machine_however_written_leads_nowhere(host):
    with pytest.raises(EgressError) as refusal:
        look_up(host, 443)
    assert refusal.value.code in {"closed_network", "unknown_host"}
