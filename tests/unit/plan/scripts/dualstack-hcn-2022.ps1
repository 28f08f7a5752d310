# psnet: changes for 'h', site 'site'
# Windows Server build 20348, backend 'hcn'. It can be run by hand in an elevated
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

$status = @{}
$ledger = Get-PSNetLedger

# '+ container_network ds l2bridge 192.168.1.0/24 fd00::/120'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'ds'
        Type = 'L2Bridge'
        Ipams = @(
            [ordered]@{
                Type = 'Static'
                Subnets = @(
                    [ordered]@{ 'IpAddressPrefix' = '192.168.1.0/24'; 'Routes' = @([ordered]@{ 'NextHop' = '192.168.1.1'; 'DestinationPrefix' = '0.0.0.0/0' }) },
                    [ordered]@{ 'IpAddressPrefix' = 'fd00::/120'; 'Routes' = @([ordered]@{ 'NextHop' = 'fd00::1'; 'DestinationPrefix' = '::/0' }) }
                )
            }
        )
        Policies = @(
            [ordered]@{ Type = 'NetAdapterName'; Settings = [ordered]@{ NetworkAdapterName = 'Ethernet 2' } }
        )
        SchemaVersion = [ordered]@{ Major = 2; Minor = 0 }
    }
    Invoke-PSNetHcn -Verb CreateNetwork -Settings (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    $ledger['container_network/ds'] = [ordered]@{ 'name' = 'ds'; 'mode' = 'l2bridge'; 'backend' = 'hcn' }
    Set-PSNetLedger -Ledger $ledger
}

