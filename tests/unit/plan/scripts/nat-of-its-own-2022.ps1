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

$status = @{}
$ledger = Get-PSNetLedger

# '+ nat web 172.20.0.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    if (@(Get-VMSwitch | Where-Object -FilterScript { $_.Name -eq 'web' }).Count -eq 0) {
        New-VMSwitch -Name 'web' -SwitchType Internal
    }
    if (@(Get-NetIPAddress | Where-Object -FilterScript { $_.IPAddress -eq '172.20.0.1' }).Count -eq 0) {
        New-NetIPAddress -InterfaceAlias 'vEthernet (web)' -IPAddress '172.20.0.1' -PrefixLength 24
    }
    New-NetNat -Name 'web' -InternalIPInterfaceAddressPrefix '172.20.0.0/24'
    $ledger['nat/web'] = [ordered]@{ 'name' = 'web'; 'prefix' = '172.20.0.0/24'; 'switch' = 'web' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ nat_static_mapping http TCP 0.0.0.0:8080 -> 172.20.0.10:80'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    $nat = @(Get-NetNat | Where-Object -FilterScript { @('172.20.0.0/24') -contains $_.InternalIPInterfaceAddressPrefix })
    if ($nat.Count -ne 1) {
        Write-Error -Message 'no NetNat has the internal prefix 172.20.0.0/24' -ErrorId 'PSNet.NatNotFound' -Category ObjectNotFound -TargetObject '172.20.0.0/24'
    }
    Add-NetNatStaticMapping -NatName $nat[0].Name -Protocol 'TCP' -ExternalIPAddress '0.0.0.0' -ExternalPort 8080 -InternalIPAddress '172.20.0.10' -InternalPort 80
    $ledger['nat_static_mapping/http'] = [ordered]@{ 'network' = 'web'; 'protocol' = 'TCP'; 'external_address' = '0.0.0.0'; 'external_port' = 8080; 'internal_address' = '172.20.0.10'; 'internal_port' = 80 }
    Set-PSNetLedger -Ledger $ledger
}

# '+ firewall_rule psnet-mapping-http Inbound Allow TCP 80'
Invoke-PSNetStep -Id '3.make' -Requires @('2.make') -Status $status -Script {
    New-NetFirewallRule -Name 'psnet-mapping-http' -Group 'psnet' -DisplayName 'psnet: web / http' -Description 'Made by psnet along with the port mapping http.' -Enabled 'True' -Profile @('Any') -Direction 'Inbound' -Action 'Allow' -Protocol 'TCP' -LocalPort @('80') -RemoteAddress @('Any')
}

