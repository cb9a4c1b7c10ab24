"""What lies at the bottom of an error that requests and urllib3 have wrapped several times."""

from collections.abc import Iterator
from http.client import HTTPException
from ssl import SSLCertVerificationError

from urllib3.exceptions import HTTPError, ProxyError
from urllib3.exceptions import TimeoutError as WaitedTooLong

from tools.linkcheck.answer import Failure

# All that requests, urllib3 and http.client raise for what a server sends.
TROUBLE = (OSError, HTTPError, HTTPException, ValueError)


def failure_of(error: BaseException) -> Failure:
    """The failure that an error of a GET means."""
    for one in _chain(error):
        if isinstance(one, SSLCertVerificationError):
            return "tls"
        if isinstance(one, (WaitedTooLong, TimeoutError)):
            return "deadline"
        if isinstance(one, ProxyError):
            return "proxy"
    # Requests says in this way that it cannot make anything of the address.
    return "address" if isinstance(error, ValueError) else "broken"


def detail_of(error: BaseException) -> str:
    """`reset` where the other side tore the connection down, which no browser passes over."""
    return "reset" if any(isinstance(one, ConnectionError) for one in _chain(error)) else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        wrapped = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]
