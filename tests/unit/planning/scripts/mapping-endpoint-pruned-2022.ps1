# psnet: changes for 'h', site 'site'
# Windows Server build 20348, backend 'hns'. It can be run by hand in an elevated
# Windows PowerShell 5.1; each step prints one line of JSON.
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Assert-PSNetOwner {
    # SYSTEM runs and reads what lies in psnet's folder: a path that belongs to anybody but administrators, SYSTEM and
    # Windows' installer, or that leads elsewhere, is refused.
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Path)
    $trusted = @('S-1-5-32-544', 'S-1-5-18', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value)
    foreach ($item in $Path) {
        $security = if ([System.IO.Directory]::Exists($item)) { [System.IO.Directory]::GetAccessControl($item) } else { [System.IO.File]::GetAccessControl($item) }
        $owner = $security.GetOwner([System.Security.Principal.SecurityIdentifier]).Value
        if (([System.IO.File]::GetAttributes($item) -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) {
            Write-Error -Message "$item leads to another folder: psnet uses no link where SYSTEM runs scripts. Look where it leads, then remove it" -ErrorId 'PSNet.ForeignFolder' -Category SecurityError -TargetObject $item -ErrorAction Stop
        }
        if ($trusted -notcontains $owner) {
            Write-Error -Message "$item belongs to $owner, neither to administrators nor to SYSTEM: whoever owns it may change what SYSTEM runs. Look at what is in it, then remove it, or give it to administrators: icacls ""$item"" /setowner *S-1-5-32-544" -ErrorId 'PSNet.ForeignFolder' -Category SecurityError -TargetObject $item -ErrorAction Stop
        }
    }
}

function Protect-PSNetFolder {
    # Returns psnet's folder, or one below it: made, when it is missing, with its owner and permissions from the start.
    # Only SYSTEM and administrators may enter; that is set and checked each time, for what lies in it too.
    [CmdletBinding()]
    param([Parameter()] [string] $Child = '')
    $security = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
    $path = $env:ProgramData
    foreach ($name in @(@('psnet') + @($Child.Split('\')) | Where-Object -FilterScript { -not [string]::IsNullOrEmpty($_) })) {
        $path = Join-Path -Path $path -ChildPath $name
        $null = [System.IO.Directory]::CreateDirectory($path, $security)
        Assert-PSNetOwner -Path $path
        if ([System.IO.Directory]::GetAccessControl($path).GetSecurityDescriptorSddlForm('Access') -notmatch '^D:P(AI)?\(A;OICI;FA;;;SY\)\(A;OICI;FA;;;BA\)$') {
            [System.IO.Directory]::SetAccessControl($path, $security)
        }
        Assert-PSNetOwner -Path @([System.IO.Directory]::GetFileSystemEntries($path))
    }
    return $path
}

function Set-PSNetFile {
    # Writes a file of psnet's folder beside the old one and moves it into place, so that it is never half written.
    # Where a policy gives new files to their maker, it is given to administrators.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Value
    )
    $draft = "$Path.new"
    Set-Content -LiteralPath $draft -Value $Value -Encoding UTF8
    $security = New-Object -TypeName System.Security.AccessControl.FileSecurity
    $security.SetSecurityDescriptorSddlForm('O:BA')
    [System.IO.File]::SetAccessControl($draft, $security)
    Move-Item -LiteralPath $draft -Destination $Path -Force
}

function Get-PSNetLedger {
    # What psnet made on this host, for things that Windows has no place to mark.
    [CmdletBinding()]
    param()
    $ledger = [ordered]@{}
    $folder = Join-Path -Path $env:ProgramData -ChildPath 'psnet'
    $path = Join-Path -Path $folder -ChildPath 'ledger.json'
    if (Test-Path -LiteralPath $folder -PathType Container) {
        Assert-PSNetOwner -Path $folder
    }
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        Assert-PSNetOwner -Path $path
        $text = Get-Content -LiteralPath $path -Raw -Encoding UTF8
        if (-not [string]::IsNullOrEmpty($text)) {
            $saved = ConvertFrom-Json -InputObject $text
            foreach ($property in @($saved.PSObject.Properties)) {
                $ledger[$property.Name] = $property.Value
            }
        }
    }
    # What was written since then stands in lines of their own; one that a fault cut short says nothing.
    $lines = Join-Path -Path $folder -ChildPath 'ledger.jsonl'
    if (Test-Path -LiteralPath $lines -PathType Leaf) {
        Assert-PSNetOwner -Path $lines
        foreach ($line in @(Get-Content -LiteralPath $lines -Encoding UTF8)) {
            try {
                $said = ConvertFrom-Json -InputObject $line
                if ($null -eq $said.entry) {
                    $ledger.Remove($said.key)
                } else {
                    $ledger[$said.key] = $said.entry
                }
            } catch {
                continue
            }
        }
    }
    return $ledger
}

function Set-PSNetLedger {
    # Keeps what psnet made on this host.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Ledger
    )
    $folder = Protect-PSNetFolder
    Set-PSNetFile -Path (Join-Path -Path $folder -ChildPath 'ledger.json') -Value (ConvertTo-Json -InputObject $Ledger -Depth 10 -Compress)
    Remove-Item -LiteralPath (Join-Path -Path $folder -ChildPath 'ledger.jsonl') -ErrorAction SilentlyContinue
}
function Add-PSNetLedgerEntry {
    # Records what psnet made, or without an entry that it is gone: one line, however much there is already.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Folder,
        [Parameter(Mandatory = $true)] [string] $Key,
        [Parameter()] [AllowNull()] [object] $Entry
    )
    $path = Join-Path -Path $Folder -ChildPath 'ledger.jsonl'
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) {
        Set-PSNetFile -Path $path -Value '{"key":"","entry":null}'
    }
    Add-Content -LiteralPath $path -Value (ConvertTo-Json -InputObject ([ordered]@{ key = $Key; entry = $Entry }) -Depth 10 -Compress) -Encoding UTF8
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

function Write-PSNetLine {
    # Passes lines on; of quick steps several at once, for each message costs the client a request.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [string] $Line,
        [Parameter(Mandatory = $true)] [hashtable] $Held,
        [Parameter()] [switch] $Wait
    )
    process {
        $Held['lines'].Add($Line)
        if ((-not $Wait) -or ($Held['lines'].Count -ge 25) -or (([System.DateTime]::UtcNow - $Held['since']).TotalSeconds -ge 1)) {
            $Held['lines'] -join "`n"
            $Held['lines'].Clear()
            $Held['since'] = [System.DateTime]::UtcNow
        }
    }
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
    if (($result -lt 0) -or (($names -contains 'Success') -and (-not $answer.Success))) {
        $reason = if ($names -contains 'Error') { ([string] $answer.Error).Trim() } else { 'no reason given' }
        $code = if ($names -contains 'ErrorCode') { $answer.ErrorCode } else { $result }
        if ($code -ne 0) {
            $reason = '{0} (0x{1:x8})' -f $reason, $code
        }
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
    # The endpoint of an id or a name, or the one of the container of that id. All are listed once: $Known remembers their
    # ids, and what an endpoint has is asked of it alone.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter()] [hashtable] $Known = @{}
    )
    $ids = @()
    if ($Known.ContainsKey('endpoints') -and $Known['endpoints'].ContainsKey($Name)) {
        $ids = @($Known['endpoints'][$Name])
        $found = @(foreach ($id in $ids) { Invoke-PSNetHns -Method GET -Path "/endpoints/$id" -ErrorAction SilentlyContinue })
        if (($ids.Count -eq 1) -and ($found.Count -eq 1)) {
            return $found[0]
        }
    }
    $Known['endpoints'] = @{}
    $found = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($endpoint in @(Invoke-PSNetHns -Method GET -Path '/endpoints/')) {
        $words = @(@($endpoint.ID) + @(Get-PSNetProperty -InputObject $endpoint -Name 'Name') + @(Get-PSNetProperty -InputObject $endpoint -Name 'SharedContainers') | Where-Object -FilterScript { -not [string]::IsNullOrEmpty($_) } | Select-Object -Unique)
        foreach ($word in $words) {
            if (-not $Known['endpoints'].ContainsKey($word)) {
                $Known['endpoints'][$word] = New-Object -TypeName 'System.Collections.Generic.List[string]'
            }
            $Known['endpoints'][$word].Add($endpoint.ID)
        }
        if ($words -contains $Name) {
            $found.Add($endpoint)
        }
    }
    if ($found.Count -ne 1) {
        Write-Error -Message "there are $($found.Count) endpoints named $Name" -ErrorId 'PSNet.EndpointNotFound' -Category ObjectNotFound -TargetObject $Name
    }
    Write-Output -InputObject $found[0]
}
function Confirm-PSNetPolicy {
    # HNS answers with success and need not keep what it was sent: what was set is read back, and each of its fields compared.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Wanted,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Stored,
        [Parameter(Mandatory = $true)] [string] $Name
    )
    foreach ($policy in $Wanted) {
        $best = $null
        foreach ($candidate in $Stored) {
            $other = @(foreach ($key in @($policy.Keys)) {
                # Not through a function, which would make a list of one what is in it.
                $property = $candidate.PSObject.Properties[$key]
                $value = $null
                if ($null -ne $property) {
                    $value = $property.Value
                }
                $kept = "$(ConvertTo-Json -InputObject $value -Depth 10 -Compress)"
                $sent = "$(ConvertTo-Json -InputObject $policy[$key] -Depth 10 -Compress)"
                # Numbers may come back as texts, and what says nothing may be left out.
                $nothing = (@('', 'null') -contains $kept) -and (@('null', 'false', '0', '""', '[]') -contains $sent)
                if (($kept.Trim('"') -ne $sent.Trim('"')) -and (-not $nothing)) {
                    "$key is $kept, not $sent"
                }
            })
            if (($null -eq $best) -or ($other.Count -lt $best.Count)) {
                $best = $other
            }
        }
        if (($null -eq $best) -or ($best.Count -gt 0)) {
            Write-Error -Message "HNS does not keep a policy of type $($policy['Type']) of ${Name} as it was set: $(@($best) -join ', ')" -ErrorId 'PSNet.PolicyNotKept' -Category InvalidResult -TargetObject $Name
        }
    }
}
function Set-PSNetEndpointPolicy {
    # Replaces the policies of one type; those of other types stay. HNS replaces the whole list at once.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Type,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies,
        [Parameter()] [hashtable] $Known = @{}
    )
    $endpoint = Get-PSNetEndpoint -Name $Name -Known $Known
    $kept = @(Get-PSNetProperty -InputObject $endpoint -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -ne $Type) })
    $body = [ordered]@{ Policies = @($kept + $Policies) }
    $null = Invoke-PSNetHns -Method POST -Path "/endpoints/$($endpoint.ID)" -Body (ConvertTo-Json -InputObject $body -Depth 10 -Compress)
    $stored = @(Get-PSNetProperty -InputObject (Get-PSNetEndpoint -Name $Name) -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -eq $Type) })
    if ($stored.Count -ne $Policies.Count) {
        Write-Error -Message "HNS keeps $($stored.Count) policies of type $Type at the endpoint $Name, $($Policies.Count) were set" -ErrorId 'PSNet.PolicyNotKept' -Category InvalidResult -TargetObject $Name
    }
    Confirm-PSNetPolicy -Wanted $Policies -Stored $stored -Name $Name
}

function Connect-PSNetEndpoint {
    # Attaches an endpoint to the host. HNS is not always ready for it at once; that it is attached already is no failure.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Id
    )
    $attachment = [ordered]@{ SystemType = 'Host'; CompartmentId = 1 }
    $body = ConvertTo-Json -InputObject $attachment -Depth 10 -Compress
    for ($try = 1; $true; $try++) {
        try {
            $null = Invoke-PSNetHns -Method POST -Path "/endpoints/$Id/attach" -Body $body
            return
        } catch {
            $now = Invoke-PSNetHns -Method GET -Path "/endpoints/$Id"
            if (@(2, 3) -contains (Get-PSNetProperty -InputObject $now -Name 'State')) {
                return
            }
            if ($try -ge 10) {
                throw
            }
        }
        Start-Sleep -Milliseconds 500
    }
}

function Get-PSNetBalancerOf {
    # The policy lists (load balancers) that name an endpoint as a member.
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $Id)
    Invoke-PSNetHns -Method GET -Path '/policylists/' | Where-Object -FilterScript { @(Get-PSNetProperty -InputObject $_ -Name 'References') -contains "/endpoints/$Id" }
}
function Restore-PSNetBalancer {
    # Load balancers name their members by id: those that had an endpoint are made again with its new id (hcsshim changes
    # the members of a policy list in no other way).
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Balancer,
        [Parameter(Mandatory = $true)] [string] $Id,
        [Parameter(Mandatory = $true)] [string] $NewId
    )
    foreach ($item in $Balancer) {
        $left = @(Invoke-PSNetHns -Method GET -Path '/policylists/' | Where-Object -FilterScript { $_.ID -eq $item.ID })
        if ($left.Count -gt 0) {
            $null = Invoke-PSNetHns -Method DELETE -Path "/policylists/$($item.ID)"
        }
        $members = @($item.References | ForEach-Object -Process { if ($_ -eq "/endpoints/$Id") { "/endpoints/$NewId" } else { $_ } })
        $kept = $item.PSObject.Properties['Policies']
        $list = [ordered]@{ References = $members; Policies = @(if ($null -ne $kept) { $kept.Value }) }
        $null = Invoke-PSNetHns -Method POST -Path '/policylists/' -Body (ConvertTo-Json -InputObject $list -Depth 10 -Compress)
    }
}
function Reset-PSNetEndpoint {
    # Makes an endpoint again as it was, with these policies: HNS takes some of them at creation only.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [object] $Endpoint,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    if ([string]::IsNullOrEmpty((Get-PSNetProperty -InputObject $Endpoint -Name 'VirtualNetwork'))) {
        throw "HNS does not say which network the endpoint $($Endpoint.ID) is on: it cannot be made again, and nothing was changed"
    }
    $again = [ordered]@{ Policies = $Policies }
    foreach ($name in @('Name', 'VirtualNetwork', 'IPAddress', 'MacAddress', 'DNSServerList', 'DNSSuffix', 'GatewayAddress')) {
        $value = Get-PSNetProperty -InputObject $Endpoint -Name $name
        if (-not [string]::IsNullOrEmpty($value)) {
            $again[$name] = $value
        }
    }
    $balancers = @(Get-PSNetBalancerOf -Id $Endpoint.ID)
    $null = Invoke-PSNetHns -Method DELETE -Path "/endpoints/$($Endpoint.ID)"
    $made = Invoke-PSNetHns -Method POST -Path '/endpoints/' -Body (ConvertTo-Json -InputObject $again -Depth 10 -Compress)
    if ((Get-PSNetProperty -InputObject $Endpoint -Name 'CompartmentId') -eq 1) {
        Connect-PSNetEndpoint -Id $made.ID
    }
    Restore-PSNetBalancer -Balancer $balancers -Id $Endpoint.ID -NewId $made.ID
}

$psnetFolder = Protect-PSNetFolder
$status = @{}
$listed = @{ rule_names = @() }
$held = @{ lines = New-Object -TypeName 'System.Collections.Generic.List[string]'; since = [System.DateTime]::UtcNow }

# '- nat_static_mapping http'
Invoke-PSNetStep -Id '1.remove' -Requires @() -Status $status -Script {
    # 'TCP 0.0.0.0:8080 -> 172.20.0.10:80'
    # HNS takes a published port back with its endpoint only: it is made again as it was, without the port.
    $endpoint = Invoke-PSNetHns -Method GET -Path '/endpoints/e1'
    $kept = @(Get-PSNetProperty -InputObject $endpoint -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
    $kept = @($kept | Where-Object -FilterScript { ($_.Type -ne 'NAT') -or ($_.ExternalPort -ne 8080) })
    Reset-PSNetEndpoint -Endpoint $endpoint -Policies $kept
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'nat_static_mapping/http' -Entry ($null)
} | Write-PSNetLine -Held $held -Wait:$false

Set-PSNetLedger -Ledger (Get-PSNetLedger)
