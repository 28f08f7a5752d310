# psnet: changes for 'h', site 'site'
# Windows Server build 26100, backend 'hcn'. It can be run by hand in an elevated
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

function Use-PSNetHcnObject {
    # Reads a network or an endpoint of the Host Compute Network, or changes it: opened, and closed in any case.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('Network', 'Endpoint')] [string] $Kind,
        [Parameter(Mandatory = $true)] [guid] $Id,
        [Parameter()] [string] $Request = ''
    )
    if (-not ('PSNet.HcnObjectMethods' -as [type])) {
        $signature = @'
[DllImport("computenetwork.dll")] public static extern int HcnOpenNetwork([MarshalAs(UnmanagedType.LPStruct)] Guid id, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnOpenEndpoint([MarshalAs(UnmanagedType.LPStruct)] Guid id, out IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnQueryNetworkProperties(IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] string query, [MarshalAs(UnmanagedType.LPWStr)] out string properties, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnQueryEndpointProperties(IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] string query, [MarshalAs(UnmanagedType.LPWStr)] out string properties, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnModifyNetwork(IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] string settings, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnModifyEndpoint(IntPtr handle, [MarshalAs(UnmanagedType.LPWStr)] string settings, [MarshalAs(UnmanagedType.LPWStr)] out string error);
[DllImport("computenetwork.dll")] public static extern int HcnCloseNetwork(IntPtr handle);
[DllImport("computenetwork.dll")] public static extern int HcnCloseEndpoint(IntPtr handle);
'@
        Add-Type -MemberDefinition $signature -Namespace 'PSNet' -Name 'HcnObjectMethods'
    }
    $query = '{"SchemaVersion":{"Major":2,"Minor":0}}'
    $handle = [IntPtr]::Zero
    $document = ''
    $properties = ''
    try {
        $result = if ($Kind -eq 'Network') { [PSNet.HcnObjectMethods]::HcnOpenNetwork($Id, [ref] $handle, [ref] $document) } else { [PSNet.HcnObjectMethods]::HcnOpenEndpoint($Id, [ref] $handle, [ref] $document) }
        Confirm-PSNetHcn -Function "HcnOpen$Kind" -Result $result -Document $document
        if ([string]::IsNullOrEmpty($Request)) {
            $result = if ($Kind -eq 'Network') { [PSNet.HcnObjectMethods]::HcnQueryNetworkProperties($handle, $query, [ref] $properties, [ref] $document) } else { [PSNet.HcnObjectMethods]::HcnQueryEndpointProperties($handle, $query, [ref] $properties, [ref] $document) }
            Confirm-PSNetHcn -Function "HcnQuery${Kind}Properties" -Result $result -Document $document
            Write-Output -InputObject (ConvertFrom-Json -InputObject $properties)
        } else {
            $result = if ($Kind -eq 'Network') { [PSNet.HcnObjectMethods]::HcnModifyNetwork($handle, $Request, [ref] $document) } else { [PSNet.HcnObjectMethods]::HcnModifyEndpoint($handle, $Request, [ref] $document) }
            Confirm-PSNetHcn -Function "HcnModify$Kind" -Result $result -Document $document
        }
    } finally {
        if ($handle -ne [IntPtr]::Zero) {
            $null = if ($Kind -eq 'Network') { [PSNet.HcnObjectMethods]::HcnCloseNetwork($handle) } else { [PSNet.HcnObjectMethods]::HcnCloseEndpoint($handle) }
        }
    }
}
function Get-PSNetHcnPolicy {
    # The policies of a network or an endpoint as HCN has them, with Type and Settings.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('Network', 'Endpoint')] [string] $Kind,
        [Parameter(Mandatory = $true)] [guid] $Id
    )
    $object = Use-PSNetHcnObject -Kind $Kind -Id $Id
    return @(Get-PSNetProperty -InputObject $object -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
}

function Test-PSNetKept {
    # Whether what is kept has all that was sent: more fields, another order and numbers as texts say nothing.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter()] [AllowNull()] [object] $Sent,
        [Parameter()] [AllowNull()] [object] $Kept
    )
    if ($Sent -is [System.Collections.IDictionary]) {
        foreach ($key in @($Sent.Keys)) {
            $property = if ($null -eq $Kept) { $null } else { $Kept.PSObject.Properties[$key] }
            $value = if ($null -eq $property) { $null } else { $property.Value }
            if (-not (Test-PSNetKept -Sent $Sent[$key] -Kept $value)) {
                return $false
            }
        }
        return $true
    }
    if ($Sent -is [System.Array]) {
        foreach ($element in $Sent) {
            $same = @(@($Kept) | Where-Object -FilterScript { Test-PSNetKept -Sent $element -Kept $_ })
            if ($same.Count -eq 0) {
                return $false
            }
        }
        return $true
    }
    # What says nothing may be left out.
    $nothing = ($null -eq $Sent) -or (@('', '0', 'False') -contains "$Sent")
    return ("$Sent" -eq "$Kept") -or ($nothing -and [string]::IsNullOrEmpty("$Kept"))
}
function Confirm-PSNetHcnPolicy {
    # HCN answers with success and need not keep what it was sent: what was set is read back and compared.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('Network', 'Endpoint')] [string] $Kind,
        [Parameter(Mandatory = $true)] [guid] $Id,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    $stored = @(Get-PSNetHcnPolicy -Kind $Kind -Id $Id)
    foreach ($policy in @($Policies | Where-Object -FilterScript { $_ -is [System.Collections.IDictionary] })) {
        $same = @($stored | Where-Object -FilterScript { ($_.Type -eq $policy['Type']) -and (Test-PSNetKept -Sent $policy['Settings'] -Kept (Get-PSNetProperty -InputObject $_ -Name 'Settings')) })
        if ($same.Count -eq 0) {
            $there = @($stored | Where-Object -FilterScript { $_.Type -eq $policy['Type'] } | ForEach-Object -Process { ConvertTo-Json -InputObject $_ -Depth 12 -Compress })
            Write-Error -Message "HCN does not keep a policy of type $($policy['Type']) of the $($Kind.ToLowerInvariant()) $Id as it was set: it has $($there.Count) of that type $($there -join ', ')" -ErrorId 'PSNet.PolicyNotKept' -Category InvalidResult -TargetObject $Id
        }
    }
}
function Set-PSNetHcnPolicy {
    # Adds policies to a network or an endpoint, takes them out, or puts them in the place of what is there.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('Network', 'Endpoint')] [string] $Kind,
        [Parameter(Mandatory = $true)] [guid] $Id,
        [Parameter(Mandatory = $true)] [ValidateSet('Add', 'Remove', 'Update')] [string] $Request,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    if (($Policies.Count -eq 0) -and ($Request -ne 'Update')) {
        return
    }
    $body = [ordered]@{ ResourceType = 'Policy'; RequestType = $Request; Settings = [ordered]@{ Policies = @($Policies) } }
    Use-PSNetHcnObject -Kind $Kind -Id $Id -Request (ConvertTo-Json -InputObject $body -Depth 12 -Compress)
    if ($Request -ne 'Remove') {
        Confirm-PSNetHcnPolicy -Kind $Kind -Id $Id -Policies $Policies
    }
}
function Get-PSNetNetworkId {
    # The id of the one network of a name.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name
    )
    $found = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq $Name })
    if ($found.Count -ne 1) {
        Write-Error -Message "there is no single network $Name" -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject $Name
    }
    Write-Output -InputObject $found[0].ID
}
function Set-PSNetHcnEndpointPolicy {
    # Replaces an endpoint's policies of one type. An Update puts what it holds in the place of all that the endpoint has:
    # the rest is sent along.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Type,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    $endpoint = (Get-PSNetEndpoint -Name $Name).ID
    $kept = @(Get-PSNetHcnPolicy -Kind Endpoint -Id $endpoint | Where-Object -FilterScript { $_.Type -ne $Type })
    Set-PSNetHcnPolicy -Kind Endpoint -Id $endpoint -Request Update -Policies @($kept + $Policies)
}

$psnetFolder = Protect-PSNetFolder
$status = @{}
$listed = @{ rule_names = @() }
$held = @{ lines = New-Object -TypeName 'System.Collections.Generic.List[string]'; since = [System.DateTime]::UtcNow }

# '+ container_network flat l2bridge 10.44.0.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'flat'
        Type = 'L2Bridge'
        Ipams = @(
            [ordered]@{
                Type = 'Static'
                Subnets = @(
                    [ordered]@{ 'IpAddressPrefix' = '10.44.0.0/24'; 'Routes' = @([ordered]@{ 'NextHop' = '10.44.0.1'; 'DestinationPrefix' = '0.0.0.0/0' }) }
                )
            }
        )
        Policies = @(
            [ordered]@{ Type = 'NetAdapterName'; Settings = [ordered]@{ NetworkAdapterName = 'Ethernet 2' } }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateNetwork -Settings (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'container_network/flat' -Entry ([ordered]@{ 'name' = 'flat'; 'mode' = 'l2bridge'; 'backend' = 'hcn' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ ip_set web on flat, 2 addresses'
Invoke-PSNetStep -Id '2.make' -Requires @('1.make') -Status $status -Script {
    $network = Get-PSNetNetworkId -Name 'flat'
    Set-PSNetHcnPolicy -Kind Network -Id $network -Request Add -Policies @([ordered]@{ 'Type' = 'SetPolicy'; 'Settings' = [ordered]@{ 'Id' = 'psnet-web'; 'Name' = 'web'; 'PolicyType' = 'IPSET'; 'Values' = '10.44.0.10,10.50.0.0/24' } })
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'ip_set/web' -Entry ([ordered]@{ 'network' = 'flat' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ endpoint db on flat 10.44.0.20'
Invoke-PSNetStep -Id '3.make' -Requires @('1.make') -Status $status -Script {
    $network = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { $_.Name -eq 'flat' })
    if ($network.Count -ne 1) {
        Write-Error -Message 'there is no single network flat' -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject 'flat'
    }
    $endpoint = [ordered]@{
        Name = 'db'
        HostComputeNetwork = $network[0].ID
        IpConfigurations = @(
            [ordered]@{ IpAddress = '10.44.0.20'; PrefixLength = 24 }
        )
        Routes = @(
            [ordered]@{ NextHop = '10.44.0.1'; DestinationPrefix = '0.0.0.0/0' }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateEndpoint -Id $network[0].ID -Settings (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'endpoint/db' -Entry ([ordered]@{ 'name' = 'db'; 'network' = 'flat'; 'backend' = 'hcn' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ ip_set all on flat, 1 sets'
Invoke-PSNetStep -Id '4.make' -Requires @('1.make', '2.make') -Status $status -Script {
    $network = Get-PSNetNetworkId -Name 'flat'
    Set-PSNetHcnPolicy -Kind Network -Id $network -Request Add -Policies @([ordered]@{ 'Type' = 'SetPolicy'; 'Settings' = [ordered]@{ 'Id' = 'psnet-all'; 'Name' = 'all'; 'PolicyType' = 'NESTEDIPSET'; 'Values' = 'psnet-web' } })
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'ip_set/all' -Entry ([ordered]@{ 'network' = 'flat' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ acl db, 2 rules'
Invoke-PSNetStep -Id '5.make' -Requires @('3.make', '2.make') -Status $status -Script {
    $policies = @(
        [ordered]@{ 'Type' = 'ACL'; 'Settings' = [ordered]@{ 'Action' = 'Allow'; 'Direction' = 'In'; 'Protocols' = '6'; 'LocalAddresses' = 'psnet-web'; 'LocalPorts' = '1433'; 'RuleType' = 'Switch'; 'Priority' = 100 } },
        [ordered]@{ 'Type' = 'ACL'; 'Settings' = [ordered]@{ 'Action' = 'Allow'; 'Direction' = 'Out'; 'RuleType' = 'Switch'; 'Priority' = 300 } }
    )
    Set-PSNetHcnEndpointPolicy -Name 'db' -Type 'ACL' -Policies $policies
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'acl/db' -Entry ([ordered]@{ 'endpoint' = 'db' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ tier_acl db, admin'
Invoke-PSNetStep -Id '6.make' -Requires @('3.make') -Status $status -Script {
    $policies = @(
        [ordered]@{ 'Type' = 'TierAcl'; 'Settings' = [ordered]@{ 'Name' = 'admin'; 'Direction' = 'In'; 'Order' = 1; 'TierAclRules' = @([ordered]@{ 'Id' = 'admin-1'; 'TierAclRuleAction' = 'Block'; 'RemoteAddresses' = '10.9.0.0/16'; 'Priority' = 100 }, [ordered]@{ 'Id' = 'admin-2'; 'TierAclRuleAction' = 'Pass'; 'Priority' = 200 }) } }
    )
    Set-PSNetHcnEndpointPolicy -Name 'db' -Type 'TierAcl' -Policies $policies
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'tier_acl/db' -Entry ([ordered]@{ 'endpoint' = 'db' })
} | Write-PSNetLine -Held $held -Wait:$false

# '+ network_acl flat, 2 rules'
Invoke-PSNetStep -Id '7.make' -Requires @('1.make', '4.make') -Status $status -Script {
    $network = Get-PSNetNetworkId -Name 'flat'
    $gone = @(Get-PSNetHcnPolicy -Kind Network -Id $network | Where-Object -FilterScript { $_.Type -eq 'NetworkACL' })
    Set-PSNetHcnPolicy -Kind Network -Id $network -Request Remove -Policies $gone
    $policies = @(
        [ordered]@{ 'Type' = 'NetworkACL'; 'Settings' = [ordered]@{ 'Action' = 'Allow'; 'Direction' = 'In'; 'LocalAddresses' = 'psnet-all'; 'RuleType' = 'Switch'; 'Priority' = 100 } },
        [ordered]@{ 'Type' = 'NetworkACL'; 'Settings' = [ordered]@{ 'Action' = 'Block'; 'Direction' = 'In'; 'RuleType' = 'Switch'; 'Priority' = 200 } }
    )
    Set-PSNetHcnPolicy -Kind Network -Id $network -Request Add -Policies $policies
    Add-PSNetLedgerEntry -Folder $psnetFolder -Key 'network_acl/flat' -Entry ([ordered]@{ 'network' = 'flat' })
} | Write-PSNetLine -Held $held -Wait:$false

Set-PSNetLedger -Ledger (Get-PSNetLedger)
