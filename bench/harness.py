"""An nginx with one worker for measurements, in a folder of its own."""

import os
import pathlib
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Never through a proxy, whatever the environment says.
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))
os.environ["PATH"] += os.pathsep + "/usr/sbin"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return [
        f"{cpu.group(1) if cpu else platform.machine()}, {os.cpu_count()} CPUs, "
        f"Linux {platform.release()}",
        f"{output('nginx', '-v')}, Java: {os.environ.get('JAVA_HOME', 'dist/java')}",
    ]


def memory_mb(pid):
    """What is resident of a process, in megabytes."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


class Nginx:
    """`conf` is a file below the project's root; the folder goes away at the end."""

    def __init__(self, conf, cpus):
        self.prefix = pathlib.Path(tempfile.mkdtemp(prefix="resty-bench"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        text = (ROOT / conf).read_text()
        text = text.replace("@ROOT@", str(ROOT)).replace("@PORT@", str(self.port))
        (self.prefix / "nginx.conf").write_text(text)
        command = ["taskset", "-c", ",".join(map(str, cpus))]
        command += ["nginx", "-p", str(self.prefix), "-c", "nginx.conf", "-e", "error.log"]
        if os.getuid() == 0:
            command += ["-g", "user root;"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def get(self, path):
        try:
            with HTTP.open(self.url + path, timeout=300) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as e:
            raise SystemExit(f"{path}: {e}\n{self.log()}") from e

    def log(self):
        return (self.prefix / "error.log").read_text(errors="replace")

    def wait(self):
        for _ in range(100):
            try:
                return self.get("/plain")
            except OSError:
                time.sleep(0.1)
        raise SystemExit(self.log())

    def workers(self):
        """Process ids, the oldest first."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return [int(pid) for pid in pathlib.Path(children).read_text().split()]

    def cpu_seconds(self):
        """Used by the worker so far."""
        fields = pathlib.Path(f"/proc/{self.workers()[0]}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.prefix)
