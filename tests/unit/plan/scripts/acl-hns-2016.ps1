# psnet: changes for 'h', site 'site'
# Windows Server build 14393, backend 'hns'. It can be run by hand in an elevated
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

function Get-PSNetProperty {
    # Strict mode refuses a property that is not there; builds differ in what they return.
    [CmdletBinding()]
    param(
        [Parameter()] [AllowNull()] [object] $InputObject,
        [Parameter(Mandatory = $true)] [string] $Name
    )
    if ($null -ne $InputObject) {
        $property = $InputObject.PSObject.Properties[$Name]
        if ($null -ne $property) {
            return $property.Value
        }
    }
}

function Get-PSNetEndpoint {
    # The endpoint of an id or a name, or the one of the container of that id.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name
    )
    $found = @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript {
        ($_.ID -eq $Name) -or ((Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name) -or (@(Get-PSNetProperty -InputObject $_ -Name 'SharedContainers') -contains $Name)
    })
    if ($found.Count -ne 1) {
        Write-Error -Message "there are $($found.Count) endpoints named $Name" -ErrorId 'PSNet.EndpointNotFound' -Category ObjectNotFound -TargetObject $Name
    }
    Write-Output -InputObject $found[0]
}
function Set-PSNetEndpointPolicy {
    # Replaces the policies of one type; those of other types stay. HNS replaces the whole list at once.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Type,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    $endpoint = Get-PSNetEndpoint -Name $Name
    $kept = @(Get-PSNetProperty -InputObject $endpoint -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -ne $Type) })
    $body = [ordered]@{ Policies = @($kept + $Policies) }
    $null = Invoke-PSNetHns -Method POST -Path "/endpoints/$($endpoint.ID)" -Body (ConvertTo-Json -InputObject $body -Depth 10 -Compress)
}

$status = @{}
$ledger = Get-PSNetLedger

# '+ container_network flat l2bridge 10.44.0.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'flat'
        Type = 'l2bridge'
        Subnets = @(
            [ordered]@{ AddressPrefix = '10.44.0.0/24'; GatewayAddress = '10.44.0.1' }
        )
        NetworkAdapterName = 'Ethernet 2'
    }
    Invoke-PSNetHns -Method POST -Path '/networks/' -Body (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    $ledger['container_network/flat'] = [ordered]@{ 'name' = 'flat'; 'mode' = 'l2bridge'; 'backend' = 'hns' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ endpoint db on flat 10.44.0.20'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    $network = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq 'flat' })
    if ($network.Count -ne 1) {
        Write-Error -Message 'there is no single network flat' -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject 'flat'
    }
    $endpoint = [ordered]@{
        Name = 'db'
        VirtualNetwork = $network[0].ID
        IPAddress = '10.44.0.20'
    }
    $made = Invoke-PSNetHns -Method POST -Path '/endpoints/' -Body (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    $null = $made
    $ledger['endpoint/db'] = [ordered]@{ 'name' = 'db'; 'network' = 'flat' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ acl db, 2 rules'
Invoke-PSNetStep -Id '3.make' -Requires @('2.make') -Status $status -Script {
    $policies = @(
        [ordered]@{ 'Type' = 'ACL'; 'Action' = 'Allow'; 'Direction' = 'In'; 'Protocol' = 6; 'LocalPort' = 1433; 'RuleType' = 'Switch'; 'Priority' = 100 },
        [ordered]@{ 'Type' = 'ACL'; 'Action' = 'Block'; 'Direction' = 'In'; 'RuleType' = 'Switch'; 'Priority' = 200 }
    )
    Set-PSNetEndpointPolicy -Name 'db' -Type 'ACL' -Policies $policies
    $ledger['acl/db'] = [ordered]@{ 'endpoint' = 'db' }
    Set-PSNetLedger -Ledger $ledger
}

