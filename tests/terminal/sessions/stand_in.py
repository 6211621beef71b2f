"""Plays the session-manager-plugin, in one of the parts that STAND_IN names.

shell    connects, leaves the terminal in cbreak, shows what is typed, ends with the channel
cbreak   connects, takes the terminal's echo, and is killed before it gives that back
vanish   connects, and exits as if all was well, with the session open
refuse   says that it cannot start the session, and exits as if all was well
crash    ends at once with a traceback
hang     never connects, and hears no signal but the last one
report   writes how it was called to the file STAND_IN_REPORT
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import uuid
from pathlib import Path

import aiohttp


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print(os.environ.get("STAND_IN_VERSION", "1.2.804.0"))
        return
    part = os.environ["STAND_IN"]
    if part == "crash":
        raise ZeroDivisionError
    if part == "refuse":
        print("Cannot perform start session: EOF")
        return
    if part == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, lambda *_: print("not heard", flush=True))
        print("hanging", flush=True)
        while True:
            signal.pause()
    if part == "report":
        report()
        return
    asyncio.run(connect(part))


def report() -> None:
    """Before anything changes them: arguments, environment, and the signals that are ignored."""
    terminals = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
    # Python sets a handler of its own only where a signal was not inherited as ignored.
    ignored = [number.name for number in terminals if signal.getsignal(number) == signal.SIG_IGN]
    called = {"argv": sys.argv, "environ": dict(os.environ), "ignored": ignored}
    Path(os.environ["STAND_IN_REPORT"]).write_text(json.dumps(called))


async def connect(part: str) -> None:
    """Open the data channel, and show what is typed until the service closes it."""
    response = json.loads(os.environ[sys.argv[1]])
    loop = asyncio.get_running_loop()
    for number, name in ((signal.SIGINT, "^C"), (signal.SIGTSTP, "^Z"), (signal.SIGQUIT, "^\\")):
        loop.add_signal_handler(number, lambda name=name: print(f"took {name}", flush=True))
    async with aiohttp.ClientSession() as http, http.ws_connect(response["StreamUrl"]) as socket:
        opening = {
            "MessageSchemaVersion": "1.0",
            "RequestId": str(uuid.uuid4()),
            "TokenValue": response["TokenValue"],
            "ClientId": str(uuid.uuid4()),
            "ClientVersion": "1.2.804.0",
        }
        await socket.send_str(json.dumps(opening))
        frame = await socket.receive_bytes()  # the agent's handshake: it has taken the token
        if part == "vanish":
            return
        os.system("stty cbreak -echo")
        print("Starting session", flush=True)
        if part == "cbreak":
            os.kill(os.getpid(), signal.SIGKILL)
        loop.add_reader(0, lambda: print(f"typed {os.read(0, 100)!r}", flush=True))
        while b"channel_closed" not in frame[4:36]:
            frame = await socket.receive_bytes()
    os.system("stty sane")
    print("Exiting session", flush=True)


main()
