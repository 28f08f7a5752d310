# Written by tools/dsc_schemas.py from templates/lib: what psnet pushes runs the same functions.

<#
    .SYNOPSIS
        Calls the Host Networking Service through vmcompute.dll, which every build with HNS has.

    .PARAMETER Method
        GET, POST or DELETE.

    .PARAMETER Path
        The path of the object, such as /networks/.

    .PARAMETER Body
        The document to send, as JSON.
#>
function Invoke-PSNetHns {
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

<#
    .SYNOPSIS
        Makes or removes a thing of the Host Compute Network (computenetwork.dll, from HNS 9.2 on). Handles are
        closed in any case; the texts that Windows hands out are freed by the marshaller ([out] LPWStr).

    .PARAMETER Verb
        What to do: create or delete a network, an endpoint or a load balancer.

    .PARAMETER Settings
        The document to send, as JSON.

    .PARAMETER Id
        The id of the object.
#>
function Invoke-PSNetHcn {
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

<#
    .SYNOPSIS
        An HRESULT below 0 is a failure, and so is an error document beside any other.

    .PARAMETER Function
        The function that was called.

    .PARAMETER Result
        The HRESULT that it gave.

    .PARAMETER Document
        The error document, empty when there is none.
#>
function Confirm-PSNetHcn {
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

<#
    .SYNOPSIS
        Reads a network or an endpoint of the Host Compute Network, or changes it: opened, and closed in any
        case.

    .PARAMETER Kind
        Network or Endpoint.

    .PARAMETER Id
        The id of the object.

    .PARAMETER Request
        The change to make, as JSON, or its kind: Add, Remove or Update.
#>
function Use-PSNetHcnObject {
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
<#
    .SYNOPSIS
        The policies of a network or an endpoint as HCN has them, with Type and Settings.

    .PARAMETER Kind
        Network or Endpoint.

    .PARAMETER Id
        The id of the object.
#>
function Get-PSNetHcnPolicy {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('Network', 'Endpoint')] [string] $Kind,
        [Parameter(Mandatory = $true)] [guid] $Id
    )
    $object = Use-PSNetHcnObject -Kind $Kind -Id $Id
    return @(Get-PSNetProperty -InputObject $object -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
}

<#
    .SYNOPSIS
        Whether what is kept has all that was sent: more fields, another order and numbers as texts say nothing.

    .PARAMETER Sent
        The document that was sent.

    .PARAMETER Kept
        What is kept.
#>
function Test-PSNetKept {
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
<#
    .SYNOPSIS
        HCN answers with success and need not keep what it was sent: what was set is read back and compared.

    .PARAMETER Kind
        Network or Endpoint.

    .PARAMETER Id
        The id of the object.

    .PARAMETER Policies
        The policies, as HNS has them.
#>
function Confirm-PSNetHcnPolicy {
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
<#
    .SYNOPSIS
        Adds policies to a network or an endpoint, takes them out, or puts them in the place of what is there.

    .PARAMETER Kind
        Network or Endpoint.

    .PARAMETER Id
        The id of the object.

    .PARAMETER Request
        The change to make, as JSON, or its kind: Add, Remove or Update.

    .PARAMETER Policies
        The policies, as HNS has them.
#>
function Set-PSNetHcnPolicy {
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
<#
    .SYNOPSIS
        The id of the one network of a name.

    .PARAMETER Name
        The name of the thing.
#>
function Get-PSNetNetworkId {
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
<#
    .SYNOPSIS
        Replaces an endpoint's policies of one type. An Update puts what it holds in the place of all that the
        endpoint has: the rest is sent along.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Policies
        The policies, as HNS has them.
#>
function Set-PSNetHcnEndpointPolicy {
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

<#
    .SYNOPSIS
        Strict mode refuses a property that is not there; builds differ in what they return.

    .PARAMETER InputObject
        The object; nothing has no properties.

    .PARAMETER Name
        The name of the property, which may be missing.
#>
function Get-PSNetProperty {
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

<#
    .SYNOPSIS
        Runs docker. What it writes to standard error is no error by itself: its exit code says how it went.

    .PARAMETER Arguments
        The words of the command, each a parameter of its own.
#>
function Invoke-PSNetDocker {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string[]] $Arguments
    )
    $ErrorActionPreference = 'Continue'
    $said = @(docker @Arguments 2>&1 | ForEach-Object -Process { [string] $_ })
    if ($LASTEXITCODE -ne 0) {
        Write-Error -Message "docker $($Arguments -join ' '): $($said -join ' ')" -ErrorId 'PSNet.DockerFailed' -Category InvalidResult -TargetObject $Arguments[-1] -ErrorAction Stop
    }
    Write-Output -InputObject $said
}

<#
    .SYNOPSIS
        SYSTEM runs and reads what lies in psnet's folder: a path that belongs to anybody but administrators,
        SYSTEM and Windows' installer, or that leads elsewhere, is refused.

    .PARAMETER Path
        The files and folders.
#>
function Assert-PSNetOwner {
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

<#
    .SYNOPSIS
        Returns psnet's folder, or one below it: made, when it is missing, with its owner and permissions from
        the start. Only SYSTEM and administrators may enter; that is set and checked each time, for what lies in
        it too.

    .PARAMETER Child
        A folder below psnet's.
#>
function Protect-PSNetFolder {
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

<#
    .SYNOPSIS
        Writes a file of psnet's folder beside the old one and moves it into place, so that it is never half
        written. Where a policy gives new files to their maker, it is given to administrators.

    .PARAMETER Path
        The file.

    .PARAMETER Value
        The text to write.
#>
function Set-PSNetFile {
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

<#
    .SYNOPSIS
        What psnet made on this host, for things that Windows has no place to mark.
#>
function Get-PSNetLedger {
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

<#
    .SYNOPSIS
        Keeps what psnet made on this host.

    .PARAMETER Ledger
        All that psnet made on the host.
#>
function Set-PSNetLedger {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Ledger
    )
    $folder = Protect-PSNetFolder
    Set-PSNetFile -Path (Join-Path -Path $folder -ChildPath 'ledger.json') -Value (ConvertTo-Json -InputObject $Ledger -Depth 10 -Compress)
    Remove-Item -LiteralPath (Join-Path -Path $folder -ChildPath 'ledger.jsonl') -ErrorAction SilentlyContinue
}
<#
    .SYNOPSIS
        Records what psnet made, or without an entry that it is gone: one line, however much there is already.

    .PARAMETER Folder
        psnet's folder, as Protect-PSNetFolder returns it.

    .PARAMETER Key
        The kind and the name of the thing, such as nat/web.

    .PARAMETER Entry
        What is recorded; without it, the thing is gone.
#>
function Add-PSNetLedgerEntry {
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

<#
    .SYNOPSIS
        The endpoint of an id or a name, or the one of the container of that id. All are listed once: $Known
        remembers their ids, and what an endpoint has is asked of it alone.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Known
        The endpoints of HNS, when they have been read already.
#>
function Get-PSNetEndpoint {
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
<#
    .SYNOPSIS
        HNS answers with success and need not keep what it was sent: what was set is read back, and each of its
        fields compared.

    .PARAMETER Wanted
        The policies that were sent.

    .PARAMETER Stored
        The policies that HNS has afterwards.

    .PARAMETER Name
        The name of the thing.
#>
function Confirm-PSNetPolicy {
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
<#
    .SYNOPSIS
        Replaces the policies of one type; those of other types stay. HNS replaces the whole list at once.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Policies
        The policies, as HNS has them.

    .PARAMETER Known
        The endpoints of HNS, when they have been read already.
#>
function Set-PSNetEndpointPolicy {
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

<#
    .SYNOPSIS
        Attaches an endpoint to the host. HNS is not always ready for it at once; that it is attached already is
        no failure.

    .PARAMETER Id
        The endpoint's id.
#>
function Connect-PSNetEndpoint {
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

<#
    .SYNOPSIS
        The policy lists (load balancers) that name an endpoint as a member.

    .PARAMETER Id
        The endpoint's id.
#>
function Get-PSNetBalancerOf {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $Id)
    Invoke-PSNetHns -Method GET -Path '/policylists/' | Where-Object -FilterScript { @(Get-PSNetProperty -InputObject $_ -Name 'References') -contains "/endpoints/$Id" }
}
<#
    .SYNOPSIS
        Load balancers name their members by id: those that had an endpoint are made again with its new id
        (hcsshim changes the members of a policy list in no other way).

    .PARAMETER Balancer
        The policy lists that had the endpoint as a member.

    .PARAMETER Id
        The endpoint's id before.

    .PARAMETER NewId
        The endpoint's new id.
#>
function Restore-PSNetBalancer {
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
<#
    .SYNOPSIS
        Makes an endpoint again as it was, with these policies: HNS takes some of them at creation only.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Policies
        The policies, as HNS has them.
#>
function Reset-PSNetEndpoint {
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

<#
    .SYNOPSIS
        Makes an endpoint of the Host Compute Network again as it was, with these policies, which HCN takes at
        creation only; its other policies and the load balancers that it is a member of stay.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Policies
        The policies, as HNS has them.
#>
function Reset-PSNetHcnEndpoint {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [object] $Endpoint,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    $there = Use-PSNetHcnObject -Kind Endpoint -Id $Endpoint.ID
    $again = [ordered]@{}
    foreach ($name in @('Name', 'HostComputeNetwork', 'IpConfigurations', 'Routes', 'MacAddress', 'Dns', 'Flags')) {
        $value = Get-PSNetProperty -InputObject $there -Name $name
        if ($null -ne $value) {
            # A list of one comes out of a function as what is in it.
            $again[$name] = if (@('IpConfigurations', 'Routes') -contains $name) { , @($value) } else { $value }
        }
    }
    $network = [string] $again['HostComputeNetwork']
    $created = @('PortMapping', 'QOS', 'OutBoundNAT', 'SDNRoute', 'ProviderAddress')
    $kept = @(Get-PSNetProperty -InputObject $there -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($created -notcontains $_.Type) })
    $again['Policies'] = @($kept + $Policies)
    $again['SchemaVersion'] = [ordered]@{ Major = 2; Minor = 0 }
    $balancers = @(Get-PSNetBalancerOf -Id $Endpoint.ID)
    Invoke-PSNetHcn -Verb DeleteEndpoint -Id $Endpoint.ID
    Invoke-PSNetHcn -Verb CreateEndpoint -Id $network -Settings (ConvertTo-Json -InputObject $again -Depth 12 -Compress)
    $made = Get-PSNetEndpoint -Name $Endpoint.Name
    Confirm-PSNetHcnPolicy -Kind Endpoint -Id $made.ID -Policies $Policies
    Restore-PSNetBalancer -Balancer $balancers -Id $Endpoint.ID -NewId $made.ID
}

<#
    .SYNOPSIS
        Lets the interfaces that have these addresses forward, once Windows shows them.

    .PARAMETER Address
        The addresses of the interfaces that are to forward.
#>
function Enable-PSNetForwarding {
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

<#
    .SYNOPSIS
        Runs netsh; its exit code says how it went, its text is Windows' language.

    .PARAMETER Arguments
        The words of the command, each a parameter of its own.
#>
function Invoke-PSNetNetsh {
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

<#
    .SYNOPSIS
        bin_dir and conf_dir of containerd's config.toml; versions 1 to 3 name the table differently and quote
        differently.
#>
function Get-PSNetCniSetting {
    [CmdletBinding()]
    param()
    $found = [ordered]@{
        conf_dir = (Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\cni\conf')
        bin_dir = (Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\cni\bin')
    }
    $path = Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\config.toml'
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        $inside = $false
        foreach ($line in @(Get-Content -LiteralPath $path -Encoding UTF8)) {
            if ($line -match '^\s*\[') {
                $inside = $line -match '\.cni\]\s*(#.*)?$'
            }
            elseif ($inside -and ($line -match '^\s*(conf_dir|bin_dir)s?\s*=\s*\[?\s*(?:"([^"]+)"|''([^'']+)'')')) {
                $value = if ($Matches.ContainsKey(2)) { $Matches[2].Replace('\\', '\') } else { $Matches[3] }
                $found[$Matches[1]] = $value.Replace('/', '\').TrimEnd('\')
            }
        }
    }
    return $found
}

<#
    .SYNOPSIS
        The fields of a rule from its text in the registry ([MS-GPFAS] 2.2.2.19); nothing when they cannot be
        told from it alone.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Text
        A text for each record.

    .PARAMETER Alias
        The aliases of interfaces by their GUIDs.
#>
function ConvertFrom-PSNetFirewallText {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Text,
        [Parameter(Mandatory = $true)] [hashtable] $Alias
    )
    $said = @{}
    foreach ($word in @('Profile', 'LPort', 'LPort2_10', 'RPort', 'RPort2_10', 'ICMP4', 'ICMP6', 'LA4', 'LA6', 'RA4', 'RA6', 'IF', 'IFType')) {
        $said[$word] = New-Object -TypeName 'System.Collections.Generic.List[string]'
    }
    $one = @{ Action = ''; Active = ''; Dir = ''; Protocol = ''; Edge = ''; Defer = ''; Name = ''; Desc = ''; EmbedCtxt = ''; App = ''; Svc = '' }
    # They limit a rule in ways that psnet neither sets nor compares.
    $other = @('', 'Security', 'Security2', 'Security2_9', 'LSM', 'LOM', 'RMauth', 'RUAuth', 'LUAuth', 'LUOwn', 'AppPkgId', 'Platform', 'Platform2', 'SkipVer', 'AuthByPassOut')
    $version, $rest = $Text.Split('|')
    foreach ($part in @($rest)) {
        $word, $value = $part.Split('=', 2)
        if ($said.ContainsKey($word)) {
            $said[$word].Add($value)
        } elseif ($one.ContainsKey($word)) {
            $one[$word] = $value
        } elseif ($other -notcontains $word) {
            return
        }
    }
    $directions = @{ In = 'Inbound'; Out = 'Outbound' }
    $kinds = @{ Lan = 'Wired'; Wireless = 'Wireless'; RemoteAccess = 'RemoteAccess' }
    $protocols = @{ '' = 'Any'; '1' = 'ICMPv4'; '6' = 'TCP'; '17' = 'UDP'; '58' = 'ICMPv6' }
    $known = ($version -like 'v2.*') -and $directions.ContainsKey($one['Dir']) -and (@('Allow', 'Block') -contains $one['Action']) -and ($said['IFType'].Count -le 1)
    $foreign = @($said['IFType'] | Where-Object -FilterScript { -not $kinds.ContainsKey($_) }) + @($said['IF'] | Where-Object -FilterScript { -not $Alias.ContainsKey($_) }) + @($one['Name'], $one['Desc'] | Where-Object -FilterScript { $_.StartsWith('@') })
    if ((-not $known) -or ($foreign.Count -gt 0)) {
        return
    }
    $lists = @{}
    foreach ($side in @('L', 'R')) {
        $ports = @(@($said["${side}Port"]) + @($said["${side}Port2_10"]) | ForEach-Object -Process { if ($_ -eq 'RPC-EPMap') { 'RPCEPMap' } else { $_ } })
        $lists["${side}Port"] = @(if ($ports.Count -gt 0) { $ports } else { 'Any' })
        # A word that stands for both versions of IP has no number.
        $four = @($said["${side}A4"] | ForEach-Object -Process { if (($_ -match '^[A-Za-z]+$') -and (-not $said["${side}A6"].Contains($_))) { "${_}4" } else { $_ } })
        $six = @($said["${side}A6"] | Where-Object -FilterScript { -not $said["${side}A4"].Contains($_) } | ForEach-Object -Process { if ($_ -match '^[A-Za-z]+$') { "${_}6" } else { $_ } })
        $lists["${side}A"] = @(if (($four.Count + $six.Count) -gt 0) { $four + $six } else { 'Any' })
    }
    $types = @(@($said['ICMP4']) + @($said['ICMP6']) | ForEach-Object -Process { $_.Replace(':*', '') })
    [ordered]@{
        name = $Name
        display_name = $one['Name']
        description = if ($one['Desc']) { $one['Desc'] } else { $null }
        group = if ($one['EmbedCtxt']) { $one['EmbedCtxt'] } else { $null }
        enabled = ($one['Active'] -eq 'TRUE')
        profiles = if ($said['Profile'].Count -gt 0) { $said['Profile'] -join ', ' } else { 'Any' }
        direction = $directions[$one['Dir']]
        action = $one['Action']
        edge_traversal = if ($one['Defer']) { "DeferTo$($one['Defer'])" } elseif ($one['Edge'] -eq 'TRUE') { 'Allow' } else { 'Block' }
        protocol = if ($protocols.ContainsKey($one['Protocol'])) { $protocols[$one['Protocol']] } else { $one['Protocol'] }
        local_ports = $lists['LPort']
        remote_ports = $lists['RPort']
        icmp_types = @(if ($types.Count -gt 0) { $types } else { 'Any' })
        local_addresses = $lists['LA']
        remote_addresses = $lists['RA']
        program = if ($one['App']) { $one['App'] } else { 'Any' }
        service = if ($one['Svc']) { $one['Svc'] } else { 'Any' }
        interface_aliases = @(if ($said['IF'].Count -gt 0) { $said['IF'] | ForEach-Object -Process { $Alias[$_] } } else { 'Any' })
        interface_type = if ($said['IFType'].Count -gt 0) { $kinds[$said['IFType'][0]] } else { 'Any' }
    }
}

<#
    .SYNOPSIS
        The fields of rules as the cmdlets give them: of a few each filter by itself, of many one pass over each
        kind.

    .PARAMETER Rule
        The rule, as Get-NetFirewallRule returns it.
#>
function Get-PSNetFirewallRuleByCmdlet {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Rule
    )
    $filters = @{}
    foreach ($kind in @('Port', 'Address', 'Application', 'Service', 'Interface', 'InterfaceType')) {
        $filters[$kind] = @{}
        if ($Rule.Count -gt 4) {
            foreach ($filter in @(& "Get-NetFirewall${kind}Filter" -All)) {
                $filters[$kind][$filter.InstanceID] = $filter
            }
        } else {
            foreach ($item in $Rule) {
                $filters[$kind][$item.InstanceID] = & "Get-NetFirewall${kind}Filter" -AssociatedNetFirewallRule $item
            }
        }
    }
    foreach ($item in $Rule) {
        $key = $item.InstanceID
        $ports = $filters['Port'][$key]
        $addresses = $filters['Address'][$key]
        [ordered]@{
            name = $item.Name
            display_name = $item.DisplayName
            description = $item.Description
            group = $item.Group
            enabled = ([string] $item.Enabled -eq 'True')
            profiles = [string] $item.Profile
            direction = [string] $item.Direction
            action = [string] $item.Action
            edge_traversal = [string] $item.EdgeTraversalPolicy
            protocol = [string] $ports.Protocol
            local_ports = @($ports.LocalPort)
            remote_ports = @($ports.RemotePort)
            icmp_types = @($ports.IcmpType)
            local_addresses = @($addresses.LocalAddress)
            remote_addresses = @($addresses.RemoteAddress)
            program = $filters['Application'][$key].Program
            service = $filters['Service'][$key].Service
            interface_aliases = @($filters['Interface'][$key].InterfaceAlias)
            interface_type = [string] $filters['InterfaceType'][$key].InterfaceType
        }
    }
}

<#
    .SYNOPSIS
        The rules of a group, and those named, from the persistent store: one read of the registry however many
        rules there are (INetFwRule does not give a rule's id), and what it does not say in full from the
        cmdlets.

    .PARAMETER Group
        A group of rules, instead of names.

    .PARAMETER Name
        The names of the rules.
#>
function Get-PSNetFirewallRule {
    [CmdletBinding()]
    param(
        [Parameter()] [string] $Group = '',
        [Parameter()] [AllowEmptyCollection()] [string[]] $Name = @()
    )
    $path = 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
    $values = $null
    try {
        $values = @((Get-ItemProperty -LiteralPath $path).PSObject.Properties)
    } catch {
        $values = $null
    }
    $left = New-Object -TypeName 'System.Collections.Generic.List[string]'
    if ($null -eq $values) {
        $found = @(if ($Group) { Get-NetFirewallRule -Group $Group -ErrorAction SilentlyContinue })
        $found += @(if ($Name.Count -gt 0) { Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue | Where-Object -FilterScript { (-not $Group) -or ($_.Group -ne $Group) } })
        return Get-PSNetFirewallRuleByCmdlet -Rule $found
    }
    $wanted = @{}
    foreach ($item in $Name) {
        $wanted[$item] = $true
    }
    $mark = "|EmbedCtxt=$Group|"
    $alias = @{}
    foreach ($value in $values) {
        $text = [string] $value.Value
        if ($wanted.ContainsKey($value.Name) -or ($Group -and $text.Contains($mark))) {
            if (($alias.Count -eq 0) -and $text.Contains('|IF=')) {
                foreach ($adapter in @(Get-NetAdapter -IncludeHidden)) {
                    $alias[[string] $adapter.InterfaceGuid] = $adapter.Name
                }
            }
            $rule = ConvertFrom-PSNetFirewallText -Name $value.Name -Text $text -Alias $alias
            if ($null -ne $rule) {
                $rule
            } else {
                $left.Add($value.Name)
            }
        }
    }
    if ($left.Count -gt 0) {
        Get-PSNetFirewallRuleByCmdlet -Rule @(Get-NetFirewallRule -Name $left.ToArray() -ErrorAction SilentlyContinue)
    }
}

<#
    .SYNOPSIS
        Opens the lease for this process alone; whoever has it open writes it and closes it at once.

    .PARAMETER Path
        The file of the lease.
#>
function Open-PSNetLease {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $Path)
    for ($attempt = 1; $attempt -le 50; $attempt++) {
        try {
            return [System.IO.File]::Open($Path, 'OpenOrCreate', 'ReadWrite', 'None')
        }
        catch [System.IO.IOException] {
            if ($attempt -eq 50) {
                throw
            }
            Start-Sleep -Milliseconds 100
        }
    }
}

<#
    .SYNOPSIS
        Takes the lease of this host, renews it (the same id), or gives it back (no seconds). One that has ended
        is taken over. Another's is refused, and so is one when somebody else worked here since the host was
        looked at (Serial).

    .PARAMETER Holder
        Who holds the host: id, run, user, controller.

    .PARAMETER Seconds
        When it ends by itself; 0 gives it back.

    .PARAMETER Serial
        How often the host had been worked on when it was looked at; -1 for any.
#>
function Set-PSNetLease {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Holder,
        [Parameter(Mandatory = $true)] [int] $Seconds,
        [Parameter()] [int] $Serial = -1
    )
    $path = Join-Path -Path (Protect-PSNetFolder) -ChildPath 'lease.json'
    $stream = Open-PSNetLease -Path $path
    try {
        $bytes = New-Object -TypeName 'byte[]' -ArgumentList ([int] $stream.Length)
        $null = $stream.Read($bytes, 0, $bytes.Length)
        $now = [System.DateTime]::UtcNow
        $count = 0
        $mine = $false
        $held = $false
        $who = ''
        $until = ''
        try {
            $last = ConvertFrom-Json -InputObject ([System.Text.Encoding]::UTF8.GetString($bytes))
            $count = [int] $last.serial
            $until = [string] $last.until
            $who = "$($last.user) on $($last.controller)"
            if (-not [string]::IsNullOrEmpty($last.run)) {
                $who = "$who (run $($last.run))"
            }
            $mine = $last.id -eq $Holder['id']
            # An end that is more than a day away was set by another clock.
            $held = ($last.ends -gt $now.Ticks) -and ($last.ends -lt $now.AddDays(1).Ticks)
        }
        catch {
            # It is new, or whoever wrote it was ended in mid-writing and holds nothing any more.
            $held = $false
        }
        if (-not $mine) {
            if ($Seconds -eq 0) {
                return
            }
            if ($held) {
                Write-Error -Message "$who works on this host, until $until at the latest" -ErrorId 'PSNet.HostBusy' -Category ResourceBusy -ErrorAction Stop
            }
            if (($Serial -ge 0) -and ($count -ne $Serial)) {
                Write-Error -Message "$who has worked on this host since it was looked at" -ErrorId 'PSNet.HostChanged' -Category ResourceBusy -ErrorAction Stop
            }
            $count++
        }
        $end = $now.AddSeconds($Seconds)
        $lease = [ordered]@{ serial = $count; ends = $end.Ticks; until = $end.ToString('yyyy-MM-dd HH:mm:ss', [System.Globalization.CultureInfo]::InvariantCulture) + ' UTC' }
        foreach ($key in @($Holder.Keys)) {
            $lease[$key] = $Holder[$key]
        }
        $text = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $lease -Compress))
        $stream.SetLength(0)
        $stream.Write($text, 0, $text.Length)
    }
    finally {
        $stream.Dispose()
    }
    if ($count -eq 1) {
        # Where a policy gives new files to their maker, it is given to administrators.
        $security = New-Object -TypeName System.Security.AccessControl.FileSecurity
        $security.SetSecurityDescriptorSddlForm('O:BA')
        [System.IO.File]::SetAccessControl($path, $security)
    }
}

<#
    .SYNOPSIS
        Renews the lease when a minute has gone by since Renewed['at'].

    .PARAMETER Holder
        Who holds the host: id, run, user, controller.

    .PARAMETER Seconds
        When it ends by itself; 0 gives it back.

    .PARAMETER Renewed
        When the lease was renewed last (at).
#>
function Update-PSNetLease {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Holder,
        [Parameter(Mandatory = $true)] [int] $Seconds,
        [Parameter(Mandatory = $true)] [hashtable] $Renewed
    )
    if (([System.DateTime]::UtcNow - $Renewed['at']).TotalSeconds -gt 60) {
        Set-PSNetLease -Holder $Holder -Seconds $Seconds
        $Renewed['at'] = [System.DateTime]::UtcNow
    }
}

<#
    .SYNOPSIS
        Who works on this host, or did last; nothing where nobody has.
#>
function Get-PSNetLease {
    [CmdletBinding()]
    param()
    $path = Join-Path -Path $env:ProgramData -ChildPath 'psnet\lease.json'
    for ($attempt = 1; (Test-Path -LiteralPath $path -PathType Leaf) -and ($attempt -le 20); $attempt++) {
        try {
            $last = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText($path))
            $now = [System.DateTime]::UtcNow
            return [ordered]@{
                serial = [int] $last.serial
                id = [string] $last.id
                run = [string] $last.run
                user = [string] $last.user
                controller = [string] $last.controller
                until = [string] $last.until
                held = ($last.ends -gt $now.Ticks) -and ($last.ends -lt $now.AddDays(1).Ticks)
            }
        }
        catch {
            # It is being written at this moment; what was left half written is nobody's.
            Start-Sleep -Milliseconds 50
        }
    }
}
