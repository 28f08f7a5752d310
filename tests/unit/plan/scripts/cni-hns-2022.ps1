# psnet: changes for 'h', site 'site'
# Windows Server build 20348, backend 'hns'. It can be run by hand in an elevated
# Windows PowerShell 5.1; each step prints one line of JSON.
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Get-PSNetLedger {
    # What psnet made on this host, for things that Windows has no place to mark.
    [CmdletBinding()]
    param()
    $ledger = [ordered]@{}
    $path = Join-Path -Path $env:ProgramData -ChildPath 'psnet\ledger.json'
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        $text = Get-Content -LiteralPath $path -Raw -Encoding UTF8
        if (-not [string]::IsNullOrEmpty($text)) {
            $saved = ConvertFrom-Json -InputObject $text
            foreach ($property in @($saved.PSObject.Properties)) {
                $ledger[$property.Name] = $property.Value
            }
        }
    }
    return $ledger
}

function Set-PSNetLedger {
    # Writes a new file beside the old one and moves it into place, so that the ledger is never half written.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Ledger
    )
    $folder = Join-Path -Path $env:ProgramData -ChildPath 'psnet'
    if (-not (Test-Path -LiteralPath $folder -PathType Container)) {
        $null = New-Item -Path $folder -ItemType Directory
    }
    $path = Join-Path -Path $folder -ChildPath 'ledger.json'
    $draft = Join-Path -Path $folder -ChildPath 'ledger.json.new'
    $text = ConvertTo-Json -InputObject $Ledger -Depth 10 -Compress
    Set-Content -LiteralPath $draft -Value $text -Encoding UTF8
    Move-Item -LiteralPath $draft -Destination $path -Force
}

function Invoke-PSNetStep {
    # Runs one step, writes one line of JSON about it, and remembers how it went for the steps that need it.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Id,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Requires,
        [Parameter(Mandatory = $true)] [hashtable] $Status,
        [Parameter(Mandatory = $true)] [scriptblock] $Script
    )
    $result = [ordered]@{ step = $Id; status = 'ok'; error_id = $null; message = $null; category = $null; blocked_by = $null }
    $blocked = @($Requires | Where-Object -FilterScript { $Status[$_] -ne 'ok' })
    if ($blocked.Count -gt 0) {
        $result['status'] = 'skipped'
        $result['blocked_by'] = $blocked[0]
    }
    else {
        try {
            $null = & $Script
        }
        catch {
            $result['status'] = 'failed'
            $result['error_id'] = $_.FullyQualifiedErrorId
            $result['message'] = $_.Exception.Message
            $result['category'] = [string] $_.CategoryInfo.Category
        }
    }
    $Status[$Id] = $result['status']
    ConvertTo-Json -InputObject $result -Depth 4 -Compress
}

function Invoke-PSNetHns {
    # Calls the Host Networking Service through vmcompute.dll, which every build with HNS has.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('GET', 'POST', 'DELETE')] [string] $Method,
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter()] [string] $Body = ''
    )
    if (-not ('PSNet.HnsNativeMethods' -as [type])) {
        $signature = '[DllImport("vmcompute.dll")] public static extern int HNSCall([MarshalAs(UnmanagedType.LPWStr)] string method, [MarshalAs(UnmanagedType.LPWStr)] string path, [MarshalAs(UnmanagedType.LPWStr)] string request, [MarshalAs(UnmanagedType.LPWStr)] out string response);'
        Add-Type -MemberDefinition $signature -Namespace 'PSNet' -Name 'HnsNativeMethods'
    }
    $response = ''
    $result = [PSNet.HnsNativeMethods]::HNSCall($Method, $Path, $Body, [ref] $response)
    if ([string]::IsNullOrEmpty($response)) {
        # HNS always answers: without a text the call itself failed.
        Write-Error -Message ('HNS {0} {1} gave no answer, HRESULT 0x{2:x8}' -f $Method, $Path, $result) -ErrorId 'PSNet.HnsNoAnswer' -Category InvalidResult -TargetObject $Path
        return
    }
    $answer = ConvertFrom-Json -InputObject $response
    $names = @($answer.PSObject.Properties | ForEach-Object -Process { $_.Name })
    if (($names -contains 'Success') -and (-not $answer.Success)) {
        $reason = if ($names -contains 'Error') { $answer.Error } else { 'no reason given' }
        Write-Error -Message "HNS $Method $Path failed: $reason" -ErrorId 'PSNet.HnsFailed' -Category InvalidResult -TargetObject $Path
    }
    if ($names -contains 'Output') {
        Write-Output -InputObject $answer.Output
    }
}

$status = @{}
$ledger = Get-PSNetLedger

# '+ container_network nat nat 172.20.0.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'nat'
        Type = 'nat'
        Subnets = @(
            [ordered]@{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }
        )
        DNSServerList = '10.0.0.53'
    }
    Invoke-PSNetHns -Method POST -Path '/networks/' -Body (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    $ledger['container_network/nat'] = [ordered]@{ 'name' = 'nat'; 'mode' = 'nat'; 'backend' = 'hns' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ cni nat for nerdctl, 10-nat.conflist'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    if (-not (Test-Path -LiteralPath 'C:\Program Files\containerd\cni\conf' -PathType Container)) {
        $null = New-Item -Path 'C:\Program Files\containerd\cni\conf' -ItemType Directory -Force
    }
    # No reader takes a file of these endings, and none sees the real one half written. It has no byte-order mark.
    [System.IO.File]::WriteAllText('C:\Program Files\containerd\cni\conf\10-nat.conflist.psnet-new', "{`n  `"cniVersion`": `"1.0.0`",`n  `"name`": `"nat`",`n  `"plugins`": [`n    {`n      `"type`": `"nat`",`n      `"capabilities`": {`n        `"portMappings`": true,`n        `"dns`": true`n      },`n      `"ipam`": {`n        `"subnet`": `"172.20.0.0/24`",`n        `"routes`": [`n          {`n            `"GW`": `"172.20.0.1`"`n          }`n        ]`n      },`n      `"dns`": {`n        `"nameservers`": [`n          `"10.0.0.53`"`n        ]`n      }`n    }`n  ]`n}`n")
    if (Test-Path -LiteralPath 'C:\Program Files\containerd\cni\conf\10-nat.conflist' -PathType Leaf) {
        [System.IO.File]::Replace('C:\Program Files\containerd\cni\conf\10-nat.conflist.psnet-new', 'C:\Program Files\containerd\cni\conf\10-nat.conflist', 'C:\Program Files\containerd\cni\conf\10-nat.conflist.psnet-old')
        Remove-Item -LiteralPath 'C:\Program Files\containerd\cni\conf\10-nat.conflist.psnet-old' -Force
    }
    else {
        [System.IO.File]::Move('C:\Program Files\containerd\cni\conf\10-nat.conflist.psnet-new', 'C:\Program Files\containerd\cni\conf\10-nat.conflist')
    }
    $ledger['cni/nat'] = [ordered]@{ 'name' = 'nat'; 'path' = 'C:\Program Files\containerd\cni\conf\10-nat.conflist' }
    Set-PSNetLedger -Ledger $ledger
}

