"""bin/serve on this machine: starts what it promises, keeps its data, and ends whole."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app import create_app
from app.demo.serve import CannotServe, Options, demo_settings, read_options, remove_data
from app.demo.welcome import welcome, without_pdf
from config import Environment, Settings
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ("192.0.2.7:8000", "127.0.0.1:8000", "localhost", "evil.example", "")


def options(data: Path, **values: object) -> Options:
    common: dict[str, object] = {"host": "127.0.0.1", "port": 8000, "reset": False, "empty": False}
    return Options(data=data, **(common | values))  # type: ignore[arg-type]


@contextmanager
def served(data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run bin/serve until its welcome; give the process and its address."""
    port = str(free_port())
    command = [str(ROOT / "bin" / "serve"), "--data", str(data), "--port", port, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdout is not None
        said = ""
        while "データの置き場所" not in said:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            said += line
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes of web, worker and mail."""
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(number) for number in text.split()]


def are_gone(pids: list[int], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_serves_keeps_its_data_and_ends_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, "--empty") as (process, url):
        assert urlopen(f"{url}/readyz").status == 200
        pids, secrets = children(process), (data / "demo.env").read_text()
        assert len(pids) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert are_gone(pids)
    assert (data.stat().st_mode & 0o777, (data / "koubo.sqlite").stat().st_mode & 0o777) == (0o700, 0o600)

    (data / "files" / "kept").write_text("x")
    began = time.monotonic()
    with served(data, "--empty") as (process, url):
        assert time.monotonic() - began < 15
        assert (data / "files" / "kept").exists()
        assert key_of(data) in secrets

        os.kill(children(process)[0], signal.SIGKILL)  # the mail catcher
        assert process.wait(timeout=20) == 1
        assert process.stderr is not None
        assert process.stderr.read().splitlines() == [
            f"mail has ended with status -9; see {data}/log/mail.log",
            "everything was stopped and is kept; start again with the same bin/serve command",
        ]


def key_of(data: Path) -> str:
    return next(line for line in (data / "demo.env").read_text().splitlines() if "SECRET_KEY" in line)


def test_the_children_end_when_it_is_killed_and_a_second_one_is_refused(tmp_path: Path) -> None:
    with served(tmp_path, "--empty") as (process, url):
        pids = children(process)
        port = url.rsplit(":", 1)[1]
        same_folder = second_start("--data", str(tmp_path))
        same_port = second_start("--data", str(tmp_path / "other"), "--port", port)
        process.kill()
        process.wait()

    assert same_folder == f"bin/serve is running already with {tmp_path}\n"
    assert same_port == f"cannot listen on 127.0.0.1 port {port}: Address already in use; try --port\n"
    assert are_gone(pids)


def second_start(*arguments: str) -> str:
    done = subprocess.run([str(ROOT / "bin" / "serve"), *arguments], capture_output=True, text=True)
    assert done.returncode == 1
    return done.stderr


def test_the_demo_is_loaded_and_its_commands_find_it(tmp_path: Path) -> None:
    with served(tmp_path, "--reset") as (_process, url):
        page = urlopen(f"{url}/openings").read().decode()
        assert "デモ：実際の募集ではありません" in page
        assert "品川区" in page
        with pytest.raises(HTTPError) as refusal:
            urlopen(f"{url}/nowhere")
        assert refusal.value.code == 404

        environment = {name: value for name, value in os.environ.items() if not name.startswith("KOUBO_")}
        done = subprocess.run(
            [str(ROOT / "bin" / "flask"), "audit", "verify"],
            env=environment | {"KOUBO_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("every chain is whole\n")


def test_a_reset_removes_what_the_demo_kept_and_nothing_else(tmp_path: Path) -> None:
    demo_settings(options(tmp_path), 2525)
    (tmp_path / "koubo.sqlite").write_text("x")
    (tmp_path / "files").mkdir()
    (tmp_path / "own notes").write_text("x")

    remove_data(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["own notes"]


def test_a_reset_leaves_an_installation_that_is_not_the_demos(tmp_path: Path) -> None:
    (tmp_path / "koubo.sqlite").write_text("x")

    with pytest.raises(CannotServe, match="not a demo"):
        remove_data(tmp_path)
    assert (tmp_path / "koubo.sqlite").exists()


def test_secrets_are_made_once_and_read_by_their_owner_alone(tmp_path: Path) -> None:
    first = demo_settings(options(tmp_path), 2525)
    again = demo_settings(options(tmp_path, port=8001), 2526)

    kept = ("KOUBO_SECRET_KEY", "KOUBO_ENCRYPTION_KEYS")
    assert [first[name] for name in kept] == [again[name] for name in kept]
    assert (again["KOUBO_BASE_URL"], again["KOUBO_MAIL_PORT"]) == ("http://127.0.0.1:8001", "2526")
    assert (tmp_path / "demo.env").stat().st_mode & 0o777 == 0o600
    assert len(first["KOUBO_SECRET_KEY"]) >= 32


def environment_of(folder: Path, python: str = "exit 1") -> subprocess.CompletedProcess[str]:
    """Let a copy of the commands' environment make .venv in a folder, with a python3 that does as told."""
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "environment.sh", folder / "bin")
    (folder / "bin" / "python3").write_text(f"#!/bin/sh\n{python}\n")
    (folder / "bin" / "python3").chmod(0o755)
    path = f"{folder}/bin:{os.environ['PATH']}"
    script = f'. "{folder}/bin/environment.sh"; make_environment'
    return subprocess.run(["bash", "-ec", script], env={"PATH": path}, capture_output=True, text=True)


@pytest.mark.parametrize("is_link", [False, True], ids=["folder", "link"])
def test_an_environment_that_others_made_is_never_cleared(tmp_path: Path, is_link: bool) -> None:
    theirs, root = tmp_path / "theirs", tmp_path / "root"
    root.mkdir()
    venv = theirs if is_link else root / ".venv"
    venv.mkdir()
    (venv / "precious").write_text("x")
    if is_link:
        (venv / ".made-here").touch()
        (root / ".venv").symlink_to(theirs)

    done = environment_of(root)

    assert (done.returncode, (venv / "precious").read_text()) == (1, "x")
    assert "was not made by this command" in done.stderr
    assert f"mv {root}/.venv {root}/.venv-old" in done.stderr


def test_an_environment_is_made_and_one_cut_off_is_made_again(tmp_path: Path) -> None:
    told = f'case "$*" in *"-m venv"*) echo "$*" >>{tmp_path}/asked;; esac'

    first = environment_of(tmp_path, told)
    shutil.rmtree(tmp_path / "bin")
    again = environment_of(tmp_path, told)

    assert (first.returncode, again.returncode, again.stderr) == (0, 0, "making .venv …\n")
    assert (tmp_path / "asked").read_text() == f"-m venv {tmp_path}/.venv\n" * 2


def test_the_demo_answers_under_its_own_address_only(tmp_path: Path) -> None:
    settings = Settings(
        environment=Environment.DEMO, data_dir=tmp_path, base_url="http://192.0.2.7:8000", encryption_keys=[]
    )
    client = create_app(settings).test_client()

    asked = {host: client.get("/livez", base_url=f"http://{host}").status_code for host in HOSTS}

    assert asked == {"192.0.2.7:8000": 200, "127.0.0.1:8000": 200, "localhost": 200, "evil.example": 400, "": 400}


def test_what_a_pdf_lacks_is_said_in_one_line() -> None:
    assert without_pdf("") == ""
    assert without_pdf("no Japanese font is found: apt-get install fontconfig fonts-noto-cjk").strip().count("\n") == 0


def test_the_welcome_says_where_what_is() -> None:
    said = welcome(options(Path("/data")).url, Path("/data"), is_empty=False)

    for words in ("http://127.0.0.1:8000/demo/mail", "http://127.0.0.1:8000/demo/codes", "採点主任", "/data"):
        assert words in said
    assert "アカウント" not in welcome(options(Path("/data")).url, Path("/data"), is_empty=True)


def test_the_folder_is_taken_from_where_the_person_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert read_options(["--data", "here"]).data == tmp_path / "here"
    assert read_options([]).data == ROOT / "var"
