# psnet: changes for 'h', site 'site'
# Windows Server build 17763, backend 'hcn'. It can be run by hand in an elevated
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

function Confirm-PSNetHcn {
    # An HRESULT below 0 is a failure, and so is an error document beside any other.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Function,
        [Parameter(Mandatory = $true)] [int] $Result,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Document
    )
    if (($Result -lt 0) -or (-not [string]::IsNullOrEmpty($Document))) {
        Write-Error -Message ('{0} failed with 0x{1:x8}: {2}' -f $Function, $Result, $Document) -ErrorId 'PSNet.HcnFailed' -Category InvalidResult -TargetObject $Function
    }
}

function Invoke-PSNetHcn {
    # Makes or removes a thing of the Host Compute Network (computenetwork.dll, from HNS 9.2 on). Handles are closed in any
    # case; the texts that Windows hands out are freed by the marshaller ([out] LPWStr).
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('CreateNetwork', 'CreateEndpoint', 'CreateLoadBalancer', 'DeleteNetwork', 'DeleteEndpoint', 'DeleteLoadBalancer')] [string] $Verb,
        [Parameter()] [string] $Settings = '',
        [Parameter()] [guid] $Id = [guid]::Empty
    )
    if (-not ('PSNet.HcnNativeMethods' -as [type])) {
        $signature = @'
[DllImport("computenetwork.dll")] public static extern int HcnCreateNetwork([MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] string settings, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnOpenNetwork([MarshalAs(UnmanagedType.LPStruct)] Guid id, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnDeleteNetwork([MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnCloseNetwork(IntPtr handle);
[DllImport("computenetwork.dll")] public static extern int HcnCreateEndpoint(IntPtr network, [MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] string settings, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnDeleteEndpoint([MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnCloseEndpoint(IntPtr handle);
[DllImport("computenetwork.dll")] public static extern int HcnCreateLoadBalancer([MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] string settings, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnDeleteLoadBalancer([MarshalAs(UnmanagedType.LPStruct)] Guid id, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnCloseLoadBalancer(IntPtr handle);
'@
        Add-Type -MemberDefinition $signature -Namespace 'PSNet' -Name 'HcnNativeMethods'
    }
    $made = [IntPtr]::Zero
    $network = [IntPtr]::Zero
    $document = ''
    try {
        switch ($Verb) {
            'CreateNetwork' { $result = [PSNet.HcnNativeMethods]::HcnCreateNetwork([guid]::Empty, $Settings, [ref] $made, [ref] $document) }
            'CreateLoadBalancer' { $result = [PSNet.HcnNativeMethods]::HcnCreateLoadBalancer([guid]::Empty, $Settings, [ref] $made, [ref] $document) }
            'CreateEndpoint' {
                $result = [PSNet.HcnNativeMethods]::HcnOpenNetwork($Id, [ref] $network, [ref] $document)
                Confirm-PSNetHcn -Function 'HcnOpenNetwork' -Result $result -Document $document
                $result = [PSNet.HcnNativeMethods]::HcnCreateEndpoint($network, [guid]::Empty, $Settings, [ref] $made, [ref] $document)
            }
            'DeleteNetwork' { $result = [PSNet.HcnNativeMethods]::HcnDeleteNetwork($Id, [ref] $document) }
            'DeleteEndpoint' { $result = [PSNet.HcnNativeMethods]::HcnDeleteEndpoint($Id, [ref] $document) }
            'DeleteLoadBalancer' { $result = [PSNet.HcnNativeMethods]::HcnDeleteLoadBalancer($Id, [ref] $document) }
        }
        Confirm-PSNetHcn -Function "Hcn$Verb" -Result $result -Document $document
    }
    finally {
        if ($made -ne [IntPtr]::Zero) {
            switch ($Verb) {
                'CreateNetwork' { $null = [PSNet.HcnNativeMethods]::HcnCloseNetwork($made) }
                'CreateEndpoint' { $null = [PSNet.HcnNativeMethods]::HcnCloseEndpoint($made) }
                'CreateLoadBalancer' { $null = [PSNet.HcnNativeMethods]::HcnCloseLoadBalancer($made) }
            }
        }
        if ($network -ne [IntPtr]::Zero) {
            $null = [PSNet.HcnNativeMethods]::HcnCloseNetwork($network)
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

function Wait-PSNetNetwork {
    # HNS answers before the host has its address back on the new switch: what comes next fails until then.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name
    )
    for ($try = 0; $try -lt 60; $try++) {
        if ($try -gt 0) {
            Start-Sleep -Milliseconds 500
        }
        $network = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq $Name })
        $address = if ($network.Count -eq 1) { Get-PSNetProperty -InputObject $network[0] -Name 'ManagementIP' }
        if ((-not [string]::IsNullOrEmpty($address)) -and (@(Get-NetIPAddress -IPAddress $address -ErrorAction SilentlyContinue).Count -gt 0)) {
            return
        }
    }
    Write-Error -Message "the network $Name has no management address after 30 seconds" -ErrorId 'PSNet.NetworkNotReady' -Category OperationTimeout -TargetObject $Name
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

function Enable-PSNetForwarding {
    # Lets the interfaces that have these addresses forward, once Windows shows them.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string[]] $Address
    )
    foreach ($item in $Address) {
        $found = @()
        for ($try = 0; ($try -lt 10) -and ($found.Count -eq 0); $try++) {
            if ($try -gt 0) {
                Start-Sleep -Milliseconds 500
            }
            $found = @(Get-NetIPAddress -IPAddress $item -ErrorAction SilentlyContinue)
        }
        if ($found.Count -eq 0) {
            Write-Error -Message "no interface of this host has the address $item" -ErrorId 'PSNet.InterfaceNotFound' -Category ObjectNotFound -TargetObject $item
        }
        Set-NetIPInterface -InterfaceIndex $found[0].InterfaceIndex -AddressFamily IPv4 -Forwarding Enabled
    }
}

$psnetFolder = Protect-PSNetFolder
$status = @{}
$listed = @{ rule_names = @() }
$held = @{ lines = New-Object -TypeName 'System.Collections.Generic.List[string]'; since = [System.DateTime]::UtcNow }

# '+ container_network cbr0 l2bridge 10.244.1.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'cbr0'
        Type = 'L2Bridge'
        Ipams = @(
            [ordered]@{
                Type = 'Static'
                Subnets = @(
                    [ordered]@{ 'IpAddressPrefix' = '10.244.1.0/24'; 'Routes' = @([ordered]@{ 'NextHop' = '10.244.1.1'; 'DestinationPrefix' = '0.0.0.0/0' }) }
                )
            }
        )
        Policies = @(
            [ordered]@{ Type = 'NetAdapterName'; Settings = [ordered]@{ NetworkAdapterName = 'Ethernet 2' } }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateNetwork -Settings (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    Wait-PSNetNetwork -Name 'cbr0'
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'container_network/cbr0' -Entry ([ordered]@{ 'name' = 'cbr0'; 'mode' = 'l2bridge'; 'backend' = 'hcn' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ endpoint cbr0_ep on cbr0 10.244.1.2'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    $network = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq 'cbr0' })
    if ($network.Count -ne 1) {
        Write-Error -Message 'there is no single network cbr0' -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject 'cbr0'
    }
    $endpoint = [ordered]@{
        Name = 'cbr0_ep'
        HostComputeNetwork = $network[0].ID
        IpConfigurations = @(
            [ordered]@{ IpAddress = '10.244.1.2'; PrefixLength = 24 }
        )
        Routes = @(
            [ordered]@{ NextHop = '10.244.1.1'; DestinationPrefix = '0.0.0.0/0' }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateEndpoint -Id $network[0].ID -Settings (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    $made = Get-PSNetEndpoint -Name 'cbr0_ep' -Known $listed
    Connect-PSNetEndpoint -Id $made.ID
    $interfaces = @($made.IPAddress, (Get-PSNetProperty -InputObject $network[0] -Name 'ManagementIP') | Where-Object -FilterScript { -not [string]::IsNullOrEmpty($_) })
    Enable-PSNetForwarding -Address $interfaces
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'endpoint/cbr0_ep' -Entry ([ordered]@{ 'name' = 'cbr0_ep'; 'network' = 'cbr0'; 'backend' = 'hcn' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ endpoint pod on cbr0 10.244.1.10'
Invoke-PSNetStep -Id '3.make' -Requires @('1.make') -Status $status -Script {
    $network = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq 'cbr0' })
    if ($network.Count -ne 1) {
        Write-Error -Message 'there is no single network cbr0' -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject 'cbr0'
    }
    $endpoint = [ordered]@{
        Name = 'pod'
        HostComputeNetwork = $network[0].ID
        IpConfigurations = @(
            [ordered]@{ IpAddress = '10.244.1.10'; PrefixLength = 24 }
        )
        Routes = @(
            [ordered]@{ NextHop = '10.244.1.2'; DestinationPrefix = '0.0.0.0/0' }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateEndpoint -Id $network[0].ID -Settings (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'endpoint/pod' -Entry ([ordered]@{ 'name' = 'pod'; 'network' = 'cbr0'; 'backend' = 'hcn' })
} | Write-PSNetLine -Held $held -Wait:$false

Set-PSNetLedger -Ledger (Get-PSNetLedger)
