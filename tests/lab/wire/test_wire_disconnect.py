"""Disconnect and reconnect, by the same client, by another one, and after a client was killed."""

from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap

import pytest
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from wire_lab import PASSWORD, USER, Lab, Run


def start(pool: RunspacePool, script: str) -> PowerShell:
    shell = PowerShell(pool)
    shell.add_script(script)
    shell.begin_invoke()
    return shell


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_reconnect_by_the_same_client(lab: Lab, run: Run, auth: str) -> None:
    with lab.pool(auth) as pool:
        run(pool, "keep colour red")
        pool.disconnect()
        with pytest.raises(WSManFaultError):
            pool._receive(timeout=1)
        pool.connect()
        assert run(pool, "show colour").output == ["red"]


def test_another_client_takes_pool_and_pipeline_over(lab: Lab, run: Run) -> None:
    backend = lab.backends["HOST1"]
    with lab.wsman("ntlm") as first:
        pool = RunspacePool(first, max_runspaces=3)
        pool.open()
        run(pool, "keep colour green")
        start(pool, "gate takeover\nout finished while nobody looked")
        pool.disconnect()
    backend.gate("takeover").set()
    with lab.wsman("ntlm") as second:
        (found,) = [p for p in RunspacePool.get_runspace_pools(second) if p.id == pool.id]
        found.connect()
        assert found.max_runspaces == 3
        (shell,) = found.create_disconnected_power_shells() or list(found.pipelines.values())
        assert shell.connect() == ["finished while nobody looked"]
        assert run(found, "show colour").output == ["green"]
        found.close()
    assert pool.id not in lab.server.service("HOST1").shells


def test_a_pool_in_use_is_not_taken_over(lab: Lab) -> None:
    with lab.pool() as pool, lab.wsman() as second:
        (found,) = [p for p in RunspacePool.get_runspace_pools(second) if p.id == pool.id]
        with pytest.raises(WSManFaultError) as caught:
            found.connect()
        assert "not disconnected" in caught.value.reason


CLIENT = textwrap.dedent(
    """
    import os, pickle, sys
    from pypsrp.powershell import PowerShell, RunspacePool
    from pypsrp.wsman import WSMan
    address, options = pickle.loads(bytes.fromhex(sys.argv[1]))
    pool = RunspacePool(WSMan(address, **options))
    pool.open()
    shell = PowerShell(pool)
    shell.add_script("gate orphan\\nout the work went on")
    shell.begin_invoke()
    print(pool.id, flush=True)
    os._exit(9)
    """
)


def test_a_new_process_takes_over_from_one_that_was_killed(lab: Lab) -> None:
    endpoint = lab.server.endpoints["HOST1"]
    options = {
        "port": endpoint.http_port,
        "ssl": False,
        "username": USER,
        "password": PASSWORD,
        "auth": "ntlm",
    }
    dumped = pickle.dumps((endpoint.address, options)).hex()
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, dumped], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 9, done.stderr
    pool_id = done.stdout.strip()
    lab.backends["HOST1"].gate("orphan").set()
    with lab.wsman("ntlm") as connection:
        (found,) = [pool for pool in RunspacePool.get_runspace_pools(connection) if pool.id == pool_id]
        found.connect()
        (shell,) = found.pipelines.values()
        assert shell.connect() == ["the work went on"]
        found.close()


def test_output_of_a_receive_whose_client_has_gone_is_kept(lab: Lab) -> None:
    with lab.wsman() as connection, RunspacePool(connection) as pool:
        shell = start(pool, "gate later\nout kept")
        connection.transport.session.close()
        lab.backends["HOST1"].gate("later").set()
        assert shell.end_invoke() == ["kept"]
