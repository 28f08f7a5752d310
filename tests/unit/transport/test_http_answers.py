"""What an HTTP connection takes for an answer, however the pieces fall, and what it refuses."""

from __future__ import annotations

import pytest

from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.http import AnswerParser
from psnet.transport.settings import ConnectionSettings

_PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


@pytest.mark.parametrize("data", [_PLAIN, _CHUNKED, b"HTTP/1.1 100 Continue\r\n\r\n" + _PLAIN])
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_an_answer_in_pieces(data: bytes, step: int) -> None:
    answer = AnswerParser()
    for at in range(0, len(data), step):
        assert not answer.done
        answer.feed(data[at : at + step])
    assert answer.done
    assert answer.kept
    assert answer.response is not None
    assert (answer.response.status, answer.response.body) == (200, b"abc")


def test_a_sink_takes_the_pieces() -> None:
    taken: list[bytes] = []

    def sink(response: object, data: bytes) -> bool:
        assert response is answer.response
        taken.append(data)
        return True

    answer = AnswerParser(sink)
    answer.feed(_PLAIN)
    assert (taken, answer.response.body if answer.response else None) == ([b"abc"], b"")


def test_an_answer_that_ends_with_the_connection() -> None:
    answer = AnswerParser()
    answer.feed(b"HTTP/1.1 500 No\r\nWWW-Authenticate: Basic\r\n\r\nab")
    answer.feed(b"c")
    assert not answer.done
    answer.feed(b"")
    assert answer.done
    assert not answer.kept
    assert answer.response is not None
    assert (answer.response.status, answer.response.body, answer.response.challenges) == (500, b"abc", ["Basic"])


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "protocol"),
        (_PLAIN + _PLAIN, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", "protocol"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere\r\nContent-Length: 0\r\n\r\n", "redirect"),
    ],
)
def test_what_is_no_answer(data: bytes, cause: str) -> None:
    with pytest.raises(TransportError) as told:
        AnswerParser().feed(data)
    assert told.value.cause == cause


@pytest.mark.parametrize("data", [b"", _PLAIN[:-1], _CHUNKED[:-3], _PLAIN[:20]])
def test_a_connection_that_ends_within_an_answer(data: bytes) -> None:
    answer = AnswerParser()
    if data:
        answer.feed(data)
    with pytest.raises(TransportError) as told:
        answer.feed(b"")
    assert told.value.cause == "broken"


def test_a_tunnel_is_open_with_its_head() -> None:
    answer = AnswerParser(tunnel=True)
    answer.feed(b"HTTP/1.1 200 Connection established\r\n\r\n")
    assert answer.done


@pytest.mark.parametrize(
    "given", [{"path": "a\r\nX: y"}, {"path": "a b"}, {"address": "h\r\nX: y"}, {"address": "h/x"}]
)
def test_what_would_be_more_than_one_line_of_a_request_is_no_setting(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"String should match pattern|a name or an IP address alone"):
        ConnectionSettings.model_validate({"address": "h", **given})
