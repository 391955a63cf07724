"""Starts `goalkeeper` without importing it anew: most of a cold start is that, and these tests start often.

`serve` has everything imported, and forks a process for whoever asks; `ask` is what a test starts instead of
`python -m bot`. It hands over its own standard streams, passes signals on, and ends as the fork ends; when
it is killed, so is the fork. `tests/browser` starts the product cold.
"""

import json
import os
import signal
import socket
import sys
import threading
from typing import NoReturn

_MOST = 1 << 20
"""Bytes of one order."""


def serve(path: str) -> NoReturn:
    """Fork for each order that comes in at this socket, for ever; says `ready` once it can."""
    import bot.app  # noqa: F401
    from bot.cli.root import goalkeeper  # noqa: F401

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        asking, _ = listening.accept()
        order, streams, _, _ = socket.recv_fds(asking, _MOST, 3)
        pid = os.fork()
        if pid == 0:
            listening.close()
            asking.close()
            _become(json.loads(order), streams)
        for stream in streams:
            os.close(stream)
        threading.Thread(target=_pass_signals_on, args=(asking, pid), daemon=True).start()
        threading.Thread(target=_tell_the_end, args=(asking, pid), daemon=True).start()


def ask(path: str, arguments: list[str]) -> NoReturn:
    """Have `goalkeeper` run with these arguments, and this process's environment and streams."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: connection.send(bytes([number])))
    order = json.dumps({"arguments": arguments, "environment": dict(os.environ)})
    socket.send_fds(connection, [order.encode()], [0, 1, 2])
    for stream in (0, 1, 2):
        os.close(stream)
    code = connection.recv(1)
    os._exit(code[0] if code else 1)


def _become(order: dict[str, object], streams: list[int]) -> NoReturn:
    """Be the process that was ordered."""
    from bot.cli.root import goalkeeper

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    sys.argv = ["goalkeeper", *order["arguments"]]  # type: ignore[misc]
    code = 1
    try:
        goalkeeper()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _pass_signals_on(asking: socket.socket, pid: int) -> None:
    try:
        while number := asking.recv(1):
            os.kill(pid, number[0])
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, OSError):
        return


def _tell_the_end(asking: socket.socket, pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    try:
        asking.send(bytes([code & 0xFF]))
    finally:
        asking.close()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    ask(sys.argv[2], sys.argv[3:])
