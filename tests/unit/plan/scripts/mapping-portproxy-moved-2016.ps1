# psnet: changes for 'h', site 'site'
# Windows Server build 14393, backend 'containers'. It can be run by hand in an elevated
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

function Invoke-PSNetNetsh {
    # Runs netsh; its exit code says how it went, its text is Windows' language.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string[]] $Arguments
    )
    $ErrorActionPreference = 'Continue'
    $said = @(netsh @Arguments 2>&1 | ForEach-Object -Process { [string] $_ })
    if ($LASTEXITCODE -ne 0) {
        Write-Error -Message "netsh $($Arguments -join ' '): $(($said -join ' ').Trim())" -ErrorId 'PSNet.NetshFailed' -Category InvalidResult -TargetObject $Arguments[1] -ErrorAction Stop
    }
}

$status = @{}
$ledger = Get-PSNetLedger

# '-/+ nat_static_mapping http TCP 0.0.0.0:8080 -> 10.0.0.78:80'
Invoke-PSNetStep -Id '1.remove' -Requires @() -Status $status -Script {
    # 'TCP 0.0.0.0:8080 -> 10.0.0.77:80'
    Invoke-PSNetNetsh -Arguments @('interface', 'portproxy', 'delete', 'v4tov4', 'listenaddress=0.0.0.0', 'listenport=8080')
}

# '-/+ nat_static_mapping http TCP 0.0.0.0:8080 -> 10.0.0.78:80'
#   'internal_address: 10.0.0.77 -> 10.0.0.78'
Invoke-PSNetStep -Id '1.make' -Requires @('1.remove') -Status $status -Script {
    foreach ($offset in @(0)) {
        Invoke-PSNetNetsh -Arguments @('interface', 'portproxy', 'add', 'v4tov4', 'listenaddress=0.0.0.0', "listenport=$(8080 + $offset)", 'connectaddress=10.0.0.78', "connectport=$(80 + $offset)")
    }
    $ledger['nat_static_mapping/http'] = [ordered]@{ 'network' = 'lan'; 'protocol' = 'TCP'; 'external_address' = '0.0.0.0'; 'external_port' = 8080; 'internal_address' = '10.0.0.78'; 'internal_port' = 80; 'via' = 'portproxy' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ firewall_rule psnet-mapping-http Inbound Allow TCP 8080'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    New-NetFirewallRule -Name 'psnet-mapping-http' -Group 'psnet' -DisplayName 'psnet: lan / http' -Description 'Made by psnet along with the port mapping http.' -Enabled 'True' -Profile @('Any') -Direction 'Inbound' -Action 'Allow' -Protocol 'TCP' -LocalPort @('8080') -RemoteAddress @('Any')
}

