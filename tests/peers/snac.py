"""snac2 from Debian: a small real server of the Fediverse with much of Mastodon's interface.

The program is unpacked below .cache/ and nothing is installed; the package comes from the Debian mirror this machine
uses already, from the section bookworm-backports.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.peers.processes import ROOT, running, wait_until_it_answers
from tests.platforms.rigs import free_port

PACKAGE = "snac2=2.75-2~bpo12+1"
CACHE = ROOT / ".cache" / "snac2"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = "read write follow push"


@dataclass(frozen=True)
class Snac:
    origin: str
    token: str

    def page(self) -> str:
        """The account's public page, as Dora's browser gets it, without the time its making took."""
        html = httpx.get(f"{self.origin}/stadt", trust_env=False).raise_for_status().text
        return re.sub(r"<!-- [\d.]+ seconds -->", "", html)


@contextmanager
def snac(folder: Path) -> Iterator[Snac]:
    """One server with one account, "stadt"."""
    port, data = free_port(), folder / "snac"
    origin = f"http://localhost:{port}"  # its own name, which stands in every address it makes
    command = program()
    answers = f"127.0.0.1\n{port}\nlocalhost:{port}\n\n\n"
    subprocess.run([command, "init", data], input=answers.encode(), check=True, capture_output=True)
    settings = json.loads((data / "server.json").read_text())
    # Every connection that is kept open holds one of its threads: with four, three who linger keep out the next.
    chosen = {"protocol": "http", "disable_email_notifications": True, "num_threads": 12}
    (data / "server.json").write_text(json.dumps(settings | chosen))
    added = subprocess.run([command, "adduser", data, "stadt"], input=b"stadt\n\n", check=True, capture_output=True)
    password = re.search(r"User password is (\S+)", (added.stdout + added.stderr).decode())
    assert password
    with running([command, "httpd", data], folder, "snac.log") as process:
        wait_until_it_answers(f"{origin}/api/v1/instance", process, folder / "snac.log")
        yield Snac(origin, access_token(origin, password.group(1)))


def access_token(origin: str, password: str) -> str:
    """Walks the authorisation as a person's browser would."""
    one_call = httpx.Limits(max_keepalive_connections=0)  # snac hangs up after every answer without saying so
    with httpx.Client(base_url=origin, trust_env=False, limits=one_call) as browser:
        names = {"client_name": "Ausrufer", "redirect_uris": OUT_OF_BAND, "scopes": SCOPES}
        app = browser.post("/api/v1/apps", data=names).json()
        asked = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": OUT_OF_BAND, "scope": SCOPES}
        form = browser.get("/oauth/authorize", params=asked).text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        action = re.search(r'<form[^>]*action="([^"]+)"', form)
        assert action
        page = browser.post(urljoin(origin, action.group(1)), data=fields | {"login": "stadt", "passwd": password}).text
        code = re.search(r"\b[0-9a-f]{32}\b", page)
        assert code
        grant = {"grant_type": "authorization_code", "code": code.group(0), "redirect_uri": OUT_OF_BAND}
        secrets = {"client_id": app["client_id"], "client_secret": app["client_secret"], "scope": SCOPES}
        token: str = browser.post("/oauth/token", data=grant | secrets).json()["access_token"]
        return token


def program() -> Path:
    """Fetched on the first call."""
    found = CACHE / "unpacked" / "usr" / "bin" / "snac"
    if found.exists():
        return found
    for part in ("state/lists/partial", "cache/archives/partial"):
        (CACHE / part).mkdir(parents=True, exist_ok=True)
    source = f"deb [signed-by={KEYRING}] {debian_mirror()} bookworm-backports main\n"
    (CACHE / "sources.list").write_text(source)
    options = {
        "Dir::Etc::sourcelist": CACHE / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": CACHE / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": CACHE / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "download", PACKAGE], check=True, cwd=CACHE)
    subprocess.run(["dpkg", "-x", next(CACHE.glob("snac2_*.deb")), CACHE / "unpacked"], check=True)
    return found


def debian_mirror() -> str:
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    for file in files:
        for address in re.findall(r"https?://\S+", file.read_text(errors="replace") if file.is_file() else ""):
            if str(address).rstrip("/").endswith("/debian"):
                return str(address)
    raise RuntimeError("snac2 comes from Debian, and this machine knows no Debian mirror")
