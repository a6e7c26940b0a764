"""The private Redis: a doorbell and a cache, nothing that must survive."""

import socket
import subprocess
from pathlib import Path

from .identity import choose
from .layout import Layout, run_folder
from .leftovers import end_servers_in

SOCKET = "redis.sock"
OPTIONS = {
    "--port": "0",
    "--unixsocketperm": "700",
    "--save": "",
    "--appendonly": "no",
    "--maxmemory": "256mb",
    "--maxmemory-policy": "noeviction",
    "--databases": "64",
    "--daemonize": "no",
}


class Redis:
    """One server on a Unix socket, without persistence."""

    def __init__(self, layout: Layout, program: Path) -> None:
        self.layout = layout
        self.program = program
        self.folder = layout.data_dir / "redis"
        self.log = layout.server_log("redis")
        self.url = ""

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server. Raises StackError."""
        end_servers_in(self.folder)
        with self.layout.open_log(self.log) as log:
            identity = choose(self.program, self.folder, log)
            self.sockets = run_folder(self.layout.data_dir, identity.owner)
            self.url = f"unix://{self.sockets / SOCKET}?db=0"
            places = {"--unixsocket": str(self.sockets / SOCKET), "--dir": str(self.folder)}
            options = OPTIONS | places
            words = [word for option in options.items() for word in option]
            return identity.start([str(self.program), *words], log)

    def is_ready(self) -> bool:
        """Whether it answers."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.sockets / SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
