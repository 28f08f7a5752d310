"""The controller's REST interface over real TLS, and its management host over real WinRM."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InputError, LabError
from psnet.inventories import load_inventory
from psnet.lab import state
from psnet.lab.host.reach.packet import Packet
from psnet.lab.labfile import build, load_lab
from psnet.lab.run import make_hosts
from psnet.lab.sdn.provisioning import SdnFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

RULE = {
    "protocol": "TCP",
    "sourcePortRange": "0-65535",
    "destinationPortRange": "443",
    "action": "Allow",
    "sourceAddressPrefix": "*",
    "destinationAddressPrefix": "*",
    "priority": "100",
    "type": "Inbound",
    "logging": "Enabled",
}
ACL: dict[str, Any] = {"resourceId": "web", "properties": {"aclRules": [{"resourceId": "https", "properties": RULE}]}}


class Client:
    """A client of the REST interface, made of the inventory's variables alone."""

    def __init__(self, lab: Lab) -> None:
        variables = load_inventory(lab.inventory)["nc01"].variables
        self.base = f"{variables['sdn_rest_url']}/networking/v1"
        self.session = requests.Session()
        self.session.trust_env = False  # a CA bundle of the environment would win over ours
        self.session.verify = variables["sdn_ca_file"]
        self.session.cert = (variables["sdn_client_certificate"], variables["sdn_client_key"])

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, f"{self.base}{path}", json=body, headers=sent, timeout=20)

    def settled(self, path: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found: dict[str, Any] = self("GET", path).json()
            if found["properties"]["provisioningState"] not in ("Updating", "Deleting"):
                return found
        raise AssertionError(path)


@pytest.fixture
def lab(psnet_lab: Callable[..., Lab]) -> Lab:
    return psnet_lab("2022", controller=True)


def test_a_resource_is_made_read_changed_and_removed(lab: Lab) -> None:
    client = Client(lab)
    made = client(
        "PUT", "/accessControlLists/web", ACL, x_ms_client_request_id="mine", x_ms_return_client_request_id="1"
    )
    assert made.status_code == 201
    assert made.headers["Server"] == "Microsoft-HTTPAPI/2.0"
    assert made.headers["x-ms-client-request-id"] == "mine"
    assert made.json()["properties"]["provisioningState"] == "Updating"
    assert made.json()["properties"]["aclRules"][0]["resourceRef"] == "/accessControlLists/web/aclRules/https"
    found = client.settled("/accessControlLists/web")
    assert [item["resourceId"] for item in client("GET", "/accessControlLists").json()["value"]] == ["web"]
    operation = client.session.get(made.headers["Azure-AsyncOperation"], timeout=20).json()
    assert operation == {"status": "Succeeded"}
    changed = client("PUT", "/accessControlLists/web", found, if_match=found["etag"])
    assert (changed.status_code, changed.headers["ETag"] == found["etag"]) == (200, False)
    client.settled("/accessControlLists/web")
    stale = client("PUT", "/accessControlLists/web", found, if_match=found["etag"])
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "PreconditionFailed")
    gone = client("DELETE", "/accessControlLists/web")
    assert gone.status_code == 202
    deadline = time.monotonic() + 60
    while (polled := client.session.get(gone.headers["Location"], timeout=20)).status_code == 202:
        assert time.monotonic() < deadline
    assert polled.status_code == 200
    assert client("GET", "/accessControlLists/web").status_code == 404
    assert client("DELETE", "/accessControlLists/web").status_code == 204


def test_a_failed_provisioning_is_told_by_the_operation(lab: Lab) -> None:
    client = Client(lab)
    lab.controller.faults.add(SdnFault(provisioning="fail", resource="/accessControlLists/*", code="Vfp", message="no"))
    made = client("PUT", "/accessControlLists/web", ACL)
    assert client.settled("/accessControlLists/web")["properties"]["provisioningState"] == "Failed"
    operation = client.session.get(made.headers["Azure-AsyncOperation"], timeout=20).json()
    assert (operation["status"], operation["error"]["code"]) == ("Failed", "Vfp")
    result = made.headers["Azure-AsyncOperation"].replace("/operations/", "/operationResults/")
    assert client.session.get(result, timeout=20).json()["error"]["message"] == "no"


REFUSED = [
    ("GET", "/widgets", None, 404, "ResourceNotFound"),
    ("GET", "/accessControlLists/none", None, 404, "ResourceNotFound"),
    ("PUT", "/accessControlLists/x", {"properties": {"colour": 1}}, 400, "InvalidRequestFormat"),
    ("PUT", "/accessControlLists", ACL, 405, "MethodNotAllowed"),
    ("DELETE", "/accessControlLists", None, 405, "MethodNotAllowed"),
    ("PUT", "/accessControlLists/x/aclRules/y", ACL["properties"]["aclRules"][0], 412, "ParentResourceNotFound"),
    ("PUT", "/accessControlLists/x", None, 415, "UnsupportedMediaType"),
    ("POST", "/accessControlLists/x", ACL, 405, "MethodNotAllowed"),
    ("GET", "/operations/none", None, 404, "ResourceNotFound"),
]


def test_errors_have_the_documented_body(lab: Lab) -> None:
    client = Client(lab)
    for method, path, body, status, code in REFUSED:
        answer = client(method, path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (method, path)
        assert answer.json()["error"]["message"]


def test_a_controller_that_wants_certificates_lets_nobody_else_in(
    psnet_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(yaml.safe_dump({"hosts": {"h1": {}}, "controller": {"authentication": "X509"}}))
    lab = psnet_lab(file=file)
    client = Client(lab)
    assert client("GET", "/macPools").json() == {"value": [], "nextLink": ""}
    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError, ssl.SSLError)):
        requests.get(f"{client.base}/servers", verify=client.session.verify, timeout=20)
    thumbprint = load_inventory(lab.inventory)["nc01"].variables["sdn_certificate_thumbprint"]
    with lab.connect("nc01") as host:
        refused = host.run("Get-NetworkControllerMacPool -ConnectionUri https://nc01")
        assert refused.errors[0].error_id == "WebException,Get-NetworkControllerMacPool"
        known = host.run(
            f"Get-NetworkControllerMacPool -ConnectionUri https://nc01 -CertificateThumbprint {thumbprint}"
        )
        assert (known.errors, known.objects) == ((), ())


SCRIPT = r"""
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module -Name NetworkController
$rule = New-Object -TypeName Microsoft.Windows.NetworkController.AclRule
$rule.ResourceId = 'https'
$rule.Properties = New-Object -TypeName Microsoft.Windows.NetworkController.AclRuleProperties
$rule.Properties.Protocol = 'TCP'
$rule.Properties.SourcePortRange = '0-65535'
$rule.Properties.DestinationPortRange = '443'
$rule.Properties.Action = 'Allow'
$rule.Properties.SourceAddressPrefix = '*'
$rule.Properties.DestinationAddressPrefix = '*'
$rule.Properties.Priority = '100'
$rule.Properties.Type = 'Inbound'
$properties = New-Object -TypeName Microsoft.Windows.NetworkController.AccessControlListProperties
$properties.AclRules = @($rule)
$made = New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId web -Properties $properties -Force
while ($made.Properties.ProvisioningState -eq 'Updating') {
    Start-Sleep -Milliseconds 100
    $made = Get-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId web
}
ConvertTo-Json -InputObject $made -Depth 10 -Compress
"""


def test_cmdlets_and_rest_show_one_controller(lab: Lab) -> None:
    client = Client(lab)
    url = load_inventory(lab.inventory)["nc01"].variables["sdn_rest_url"]
    with lab.connect("nc01") as host:
        done = host.run(f"$uri = '{url}'\n{SCRIPT}")
        assert done.errors == ()
        read = host.run(f"Get-NetworkControllerAccessControlList -ConnectionUri {url} -ResourceId web")
    (text,), (shown,) = done.objects, read.objects
    assert '"ProvisioningState":"Succeeded"' in text
    found = client("GET", "/accessControlLists/web").json()
    assert found["properties"]["aclRules"][0]["properties"]["destinationPortRange"] == "443"
    assert (shown.ResourceRef, shown.Etag) == (found["resourceRef"], found["etag"])
    with lab.connect("ws2022") as other:
        missing = other.run(f"Get-NetworkControllerAccessControlList -ConnectionUri {url}")
    assert "CommandNotFoundException" in missing.errors[0].error_id


def test_the_controller_of_a_lab_on_disk_comes_back_with_its_hosts(tmp_path: Path) -> None:
    hosts = make_hosts(["2022"], controller=True)
    assert hosts[1].sdn is not None
    hosts[1].sdn.put("/accessControlLists/web", ACL)
    state.save(hosts, tmp_path)
    nc01, ws2022 = state.load(tmp_path)
    assert nc01.sdn is not None
    assert ws2022.sdn is None
    assert [host.name for host in nc01.sdn.hosts] == ["ws2022"]
    assert [item["ResourceId"] for item in nc01.sdn.collection("/accessControlLists")] == ["web"]


def test_a_file_says_itself_whether_there_is_a_controller(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("hosts: {h1: {}}\ncontroller: {name: h1}\n")
    refused = CliRunner().invoke(app, ["lab", "run", "--file", str(file), "--controller", "--", "true"])
    assert isinstance(refused.exception, InputError)
    with pytest.raises(LabError, match="is called h1 already"):
        build(load_lab(file), "secret")


FAULTY = """
hosts: {h1: {}}
controller:
  faults:
    - {provisioning: explode, resource: /x}
"""


def test_a_wrong_fault_in_a_labs_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(FAULTY)
    with pytest.raises(InputError) as refused:
        load_lab(file)
    assert [(problem.line, problem.key) for problem in refused.value.problems] == [
        (5, "controller.faults[0].provisioning")
    ]


def test_a_lab_without_a_controller_sends_by_the_endpoints_alone(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022", docker=True)
    host = lab.hosts["ws2022"]
    host.run_container("client", "nat")
    host.run_container("server", "nat")
    source, target = host.hns.endpoints
    assert lab.send(Packet(source.address, target.address, 443)).interface == target.id
