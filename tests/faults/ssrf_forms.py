"""More than 200 ways to write an address that must never be connected to; `PORT` stands for the listening test server.

Built from what published lists of such payloads have in common: spellings of one address, private and special ranges,
addresses inside IPv6, hosts hidden by parser differences.
"""

from __future__ import annotations

LOOPBACK_SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0177.0.0.01", "0x7f.0.0.1", "0x7f.1", "0x7f000001", "2130706433",
    "017700000001", "0177.1", "127.0.0.01", "127.000.000.001", "00000177.0.0.1", "0x7F.0x0.0x0.0x1", "127.0.0.1.",
    "①②⑦.⓪.⓪.①", "１２７.０.０.１",
    "127。0。0。1", "127｡0｡0｡1", "127．0．0．1", "0", "0.0.0.0", "0x0", "00", "0.0", "0x00000000",
    "localhost", "LOCALHOST", "localhost.", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127.127.127.127", "127.255.255.254", "127.0.0.2",
    "0xa9.0xfe.0xa9.0xfe", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "169.16689662",
    "4294967295", "3232235777", "167772161", "2886729729", "1684275201",
)  # fmt: skip

IPV4_RANGES = (
    "0.0.0.1", "0.255.255.255", "10.0.0.1", "10.1.2.3", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.254",
    "127.0.0.53", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2", "169.254.169.253",
    "169.254.255.255",
    "172.16.0.1", "172.17.0.1", "172.20.10.1", "172.31.255.254", "192.0.0.1", "192.0.0.192", "192.0.0.170", "192.0.2.1",
    "192.0.2.255", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.1.1", "192.168.255.254",
    "192.175.48.1", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "224.0.0.251",
    "239.255.255.250", "239.255.255.255", "240.0.0.1", "250.1.2.3", "255.255.255.254", "255.255.255.255",
)  # fmt: skip

IPV6 = (
    "::1", "::", "0:0:0:0:0:0:0:1", "0000::0001", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::ffff:8.8.8.8", "::127.0.0.1", "::7f00:1",
    "::a00:1",
    "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "64:ff9b:1:fffe::7f00:1", "100::1",
    "100:0:0:1::1", "2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:20::1", "2001:2::1", "2001:3::1", "2001:4:112::1",
    "2001:db8::1", "2001:db8:ffff::", "2002:7f00:1::", "2002:7f00:0001::1", "2002:a9fe:a9fe::", "2002:c0a8:101::",
    "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd20:ce::254",
    "fdff:ffff::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "feff::1", "ff00::1", "ff01::1", "ff02::1",
    "ff02::2", "ff05::1:3", "ff0e::1", "4000::1", "8000::1", "e000::1", "1::1", "1fff::1",
)  # fmt: skip

ZONES = ("fe80::1%eth0", "fe80::1%25eth0", "fe80::1%lo", "::1%lo", "::1%251", "2606:4700::1111%eth0", "ff02::1%1")

WHOLE = (
    "http://public.example@127.0.0.1:PORT/", "http://public.example:80@127.0.0.1:PORT/", "http://a:b@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@public.example/", "http://public.example%40127.0.0.1:PORT/",
    "http://public.example#@127.0.0.1:PORT/", "http://127.0.0.1:PORT#@public.example/",
    "http://127.0.0.1:PORT\\@public.example/", "http://public.example\\@127.0.0.1:PORT/",
    "http://127.0.0.1%23@public.example:PORT/", "http://127.0.0.1%00.public.example:PORT/",
    "http://127.0.0.1%2f@public.example:PORT/", "http://127.0.0.1\t:PORT/", "http://127.0.0.1\n:PORT/",
    "http://127.0.0.1\r\n:PORT/", "\thttp://127.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT\\", "http:/127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/", "http:///127.0.0.1:PORT/", "http:////127.0.0.1:PORT/", "//127.0.0.1:PORT/",
    "HTTP://127.0.0.1:PORT/", "hTTp://LOCALHOST:PORT/", "http://127.0.0.1:0PORT/", "http://127.0.0.1 :PORT/",
    "http:// 127.0.0.1:PORT/", "http://127.0.0.1:PORT/..;/", "http://[127.0.0.1]:PORT/",
    "http://[::ffff:127.0.0.1:PORT/",
    "http://[v1.127.0.0.1]:PORT/", "http://[::1:PORT/", "http://::1:PORT/", "http://[0:0::1%25]:PORT/",
    "http://127.0.0.1:80:PORT/", "http://127.0.0.1:@public.example:PORT/", "http://@127.0.0.1:PORT/",
    "http://:@127.0.0.1:PORT/", "http://127.0.0.1;public.example:PORT/", "http://127.0.0.1,public.example:PORT/",
    "http://{127.0.0.1}:PORT/", "http://127.0.0.1'@public.example:PORT/", "url:http://127.0.0.1:PORT/",
    "view-source:http://127.0.0.1:PORT/", "jar:http://127.0.0.1:PORT!/", "unix:/var/run/x.sock:http://127.0.0.1:PORT/",
    "http+unix://127.0.0.1:PORT/", "ws://127.0.0.1:PORT/", "ldap://127.0.0.1:PORT/", "tftp://127.0.0.1:PORT/",
    "netdoc://127.0.0.1:PORT/", "file://127.0.0.1:PORT/", "http://rebind-me.localhost:PORT/",
    "http://127.0.0.1:PORT/\u202e",
    "http://127.0.0.1\u200b:PORT/", "http://127.0.0.\u00ad1:PORT/", "http://1\u20e327.0.0.1:PORT/",
    "http://\u3002127.0.0.1:PORT/",
)  # fmt: skip


def ssrf_forms(port: int) -> list[str]:
    """All of them, as URLs that would reach a server on this port of the own machine if anything let them."""
    hosts = [*LOOPBACK_SPELLINGS, *IPV4_RANGES, *(f"[{address}]" for address in (*IPV6, *ZONES))]
    return [f"http://{host}:{port}/" for host in hosts] + [whole.replace("PORT", str(port)) for whole in WHOLE]
