"""Who is at the other end: the address of the connection, or the one that a declared proxy tells."""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

#: A household or a company is given this much of an IPv6 address: what follows changes at will.
PREFIXE_IPV6 = 64


def adresse_de(requete: HttpRequest) -> str | None:
    """The client's address; None through a local socket without a proxy."""
    try:
        return str(get_adapter().get_client_ip(requete))
    except PermissionDenied:
        return None


def reseau_de(adresse: str) -> str:
    """What counts as one client: an IPv4 address, or the network of an IPv6 one."""
    try:
        lue = ipaddress.ip_address(adresse)
    except ValueError:
        return adresse
    if lue.version == 4:
        return str(lue)
    if (v4 := ipaddress.IPv6Address(lue).ipv4_mapped) is not None:
        return str(v4)
    return str(ipaddress.IPv6Network((int(lue), PREFIXE_IPV6), strict=False).network_address)
