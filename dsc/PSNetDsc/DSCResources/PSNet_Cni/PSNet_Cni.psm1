# CNI configuration lists of container networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

function Get-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('containerd', 'nerdctl', 'kubelet')]
        [System.String]
        $Runtime = 'containerd',

        [Parameter()]
        [ValidateSet('nat', 'sdnbridge', 'sdnoverlay', 'win-bridge', 'win-overlay')]
        [System.String]
        $Plugin,

        [Parameter()]
        [ValidateSet('portMappings', 'dns')]
        [System.String[]]
        $Capabilities,

        [Parameter()]
        [System.String[]]
        $DnsSearch,

        [Parameter()]
        [System.String[]]
        $OutboundNatExceptions,

        [Parameter()]
        [ValidateSet('hns', 'host-local')]
        [System.String]
        $Ipam,

        [Parameter()]
        [System.String]
        $RangeStart,

        [Parameter()]
        [System.String]
        $RangeEnd,

        [Parameter()]
        [System.Boolean]
        $LoopbackDsr = $false,

        [Parameter()]
        [System.Boolean]
        $LocalPorts = $false,

        [Parameter()]
        [ValidateSet('0.3.0', '0.4.0', '1.0.0')]
        [System.String]
        $CniVersion = '1.0.0',

        [Parameter()]
        [System.String]
        $Directory,

        [Parameter()]
        [System.String]
        $File
    )

    $path = Get-ListPath -Bound @{ Name = $Name } -Known
    $state = @{ Name = $Name; Ensure = 'Absent' }
    foreach ($property in @('Runtime', 'Plugin', 'Capabilities', 'DnsSearch', 'OutboundNatExceptions', 'Ipam', 'RangeStart', 'RangeEnd', 'LoopbackDsr', 'LocalPorts', 'CniVersion', 'Directory', 'File'))
    {
        $state[$property] = $null
    }
    if (Test-Path -LiteralPath $path -PathType Leaf)
    {
        $state.Ensure = 'Present'
        $state.Directory = Split-Path -Path $path -Parent
        $state.File = Split-Path -Path $path -Leaf
        $list = Read-List -Path $path
        $state.CniVersion = Get-PSNetProperty -InputObject $list -Name 'cniVersion'
        $plugin = @(Get-PSNetProperty -InputObject $list -Name 'plugins') | Select-Object -First 1
        $state.Plugin = Get-PSNetProperty -InputObject $plugin -Name 'type'
        $capabilities = Get-PSNetProperty -InputObject $plugin -Name 'capabilities'
        if ($null -ne $capabilities)
        {
            $state.Capabilities = [System.String[]] @($capabilities.PSObject.Properties | ForEach-Object -Process { $_.Name })
        }
    }
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetCni' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

function Test-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('containerd', 'nerdctl', 'kubelet')]
        [System.String]
        $Runtime = 'containerd',

        [Parameter()]
        [ValidateSet('nat', 'sdnbridge', 'sdnoverlay', 'win-bridge', 'win-overlay')]
        [System.String]
        $Plugin,

        [Parameter()]
        [ValidateSet('portMappings', 'dns')]
        [System.String[]]
        $Capabilities,

        [Parameter()]
        [System.String[]]
        $DnsSearch,

        [Parameter()]
        [System.String[]]
        $OutboundNatExceptions,

        [Parameter()]
        [ValidateSet('hns', 'host-local')]
        [System.String]
        $Ipam,

        [Parameter()]
        [System.String]
        $RangeStart,

        [Parameter()]
        [System.String]
        $RangeEnd,

        [Parameter()]
        [System.Boolean]
        $LoopbackDsr = $false,

        [Parameter()]
        [System.Boolean]
        $LocalPorts = $false,

        [Parameter()]
        [ValidateSet('0.3.0', '0.4.0', '1.0.0')]
        [System.String]
        $CniVersion = '1.0.0',

        [Parameter()]
        [System.String]
        $Directory,

        [Parameter()]
        [System.String]
        $File
    )

    if ($Ensure -eq 'Absent')
    {
        return -not (Test-Path -LiteralPath (Get-ListPath -Bound $PSBoundParameters -Known) -PathType Leaf)
    }
    $path = Get-ListPath -Bound $PSBoundParameters
    if (-not (Test-Path -LiteralPath $path -PathType Leaf))
    {
        return $false
    }
    $network = Find-ListNetwork -Name $Name
    if ($null -eq $network)
    {
        return $false
    }
    $wanted = ConvertTo-Json -InputObject (ConvertTo-List -Bound $PSBoundParameters -Network $network) -Depth 10 -Compress
    $there = Read-List -Path $path
    return ($null -ne $there) -and ((ConvertTo-Json -InputObject $there -Depth 10 -Compress) -ceq $wanted)
}

function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('containerd', 'nerdctl', 'kubelet')]
        [System.String]
        $Runtime = 'containerd',

        [Parameter()]
        [ValidateSet('nat', 'sdnbridge', 'sdnoverlay', 'win-bridge', 'win-overlay')]
        [System.String]
        $Plugin,

        [Parameter()]
        [ValidateSet('portMappings', 'dns')]
        [System.String[]]
        $Capabilities,

        [Parameter()]
        [System.String[]]
        $DnsSearch,

        [Parameter()]
        [System.String[]]
        $OutboundNatExceptions,

        [Parameter()]
        [ValidateSet('hns', 'host-local')]
        [System.String]
        $Ipam,

        [Parameter()]
        [System.String]
        $RangeStart,

        [Parameter()]
        [System.String]
        $RangeEnd,

        [Parameter()]
        [System.Boolean]
        $LoopbackDsr = $false,

        [Parameter()]
        [System.Boolean]
        $LocalPorts = $false,

        [Parameter()]
        [ValidateSet('0.3.0', '0.4.0', '1.0.0')]
        [System.String]
        $CniVersion = '1.0.0',

        [Parameter()]
        [System.String]
        $Directory,

        [Parameter()]
        [System.String]
        $File
    )

    $null = Protect-PSNetFolder
    $before = Get-ListPath -Bound $PSBoundParameters -Known
    if ($Ensure -eq 'Absent')
    {
        if (Test-Path -LiteralPath $before -PathType Leaf)
        {
            Remove-Item -LiteralPath $before -Force
        }
        Set-PSNetLedgerEntry -Key "cni/$Name" -Entry $null
        return
    }
    $network = Find-ListNetwork -Name $Name
    if ($null -eq $network)
    {
        Write-Error -Message "there is no single network $Name" -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject $Name
    }
    $path = Get-ListPath -Bound $PSBoundParameters
    $text = ConvertTo-Json -InputObject (ConvertTo-List -Bound $PSBoundParameters -Network $network) -Depth 10
    Write-List -Path $path -Text $text
    if (($before -ne $path) -and (Test-Path -LiteralPath $before -PathType Leaf) -and (@((Get-PSNetLedger).Keys) -contains "cni/$Name"))
    {
        Remove-Item -LiteralPath $before -Force
    }
    Set-PSNetLedgerEntry -Key "cni/$Name" -Entry ([ordered]@{ name = $Name; path = $path })
}

function Get-Value
{
    # What is declared of a property, or what stands for it.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [AllowNull()]
        [System.Object]
        $Otherwise
    )

    if ((@($Bound.Keys) -contains $Name) -and ($null -ne $Bound[$Name]) -and ('' -ne $Bound[$Name]))
    {
        return $Bound[$Name]
    }
    return $Otherwise
}

function Get-ListPath
{
    # Where the list lies: as declared, in the folder of config.toml, or, when -Known, where the ledger says it was written.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter()]
        [System.Management.Automation.SwitchParameter]
        $Known
    )

    $ledger = Get-PSNetLedger
    $key = "cni/$($Bound['Name'])"
    if ($Known -and (@($ledger.Keys) -contains $key))
    {
        return Get-PSNetProperty -InputObject $ledger[$key] -Name 'path'
    }
    $usual = Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\cni\conf'
    if ((Get-Value -Bound $Bound -Name 'Runtime' -Otherwise 'containerd') -ne 'nerdctl')
    {
        $usual = (Get-PSNetCniSetting)['conf_dir']
    }
    $folder = Get-Value -Bound $Bound -Name 'Directory' -Otherwise $usual
    $file = Get-Value -Bound $Bound -Name 'File' -Otherwise "10-$($Bound['Name'].Replace(' ', '-')).conflist"
    return Join-Path -Path $folder -ChildPath $file
}

function Find-ListNetwork
{
    # The HNS network that the plug-in finds by its name; nothing where there is none, or several.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $found = @(Invoke-PSNetHns -Method GET -Path '/networks/' | Where-Object -FilterScript { (Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name })
    if ($found.Count -eq 1)
    {
        return $found[0]
    }
}

function Read-List
{
    # The document of a file; nothing where it is no JSON.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Path
    )

    try
    {
        return ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText($Path))
    }
    catch
    {
        Write-Verbose -Message "$Path is no JSON"
    }
}

function Write-List
{
    # Writes beside the file and puts it in its place at once; without a byte-order mark, which the readers do not take.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Path,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Text
    )

    $folder = Split-Path -Path $Path -Parent
    if (-not (Test-Path -LiteralPath $folder -PathType Container))
    {
        $null = New-Item -Path $folder -ItemType Directory -Force
    }
    [System.IO.File]::WriteAllText("$Path.psnet-new", $Text)
    if (Test-Path -LiteralPath $Path -PathType Leaf)
    {
        [System.IO.File]::Replace("$Path.psnet-new", $Path, "$Path.psnet-old")
        Remove-Item -LiteralPath "$Path.psnet-old" -Force
    }
    else
    {
        [System.IO.File]::Move("$Path.psnet-new", $Path)
    }
}

function ConvertTo-List
{
    # The configuration list, as psnet writes it: what the network says, and what is declared.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Network
    )

    $usual = @{ nat = 'nat'; l2bridge = 'sdnbridge'; l2tunnel = 'win-bridge'; overlay = 'sdnoverlay' }
    $mode = ([System.String] $Network.Type).ToLowerInvariant()
    if (-not $usual.ContainsKey($mode))
    {
        Write-Error -Message "no plug-in serves a $mode network" -ErrorId 'PSNet.NetworkMode' -Category InvalidArgument -TargetObject $mode
    }
    $type = Get-Value -Bound $Bound -Name 'Plugin' -Otherwise $usual[$mode]
    $own = @('nat', 'sdnbridge', 'sdnoverlay') -contains $type
    $exceptions = @(Get-Value -Bound $Bound -Name 'OutboundNatExceptions' -Otherwise @())
    $policy = [ordered]@{ Type = 'OutBoundNAT'; Settings = [ordered]@{ Exceptions = $exceptions } }
    $loopback = [System.Boolean] (Get-Value -Bound $Bound -Name 'LoopbackDsr' -Otherwise $false)
    $plugin = [ordered]@{ type = $type }
    if (-not $own)
    {
        $plugin['apiVersion'] = 2
    }
    $plugin['capabilities'] = [ordered]@{}
    foreach ($word in @(Get-Value -Bound $Bound -Name 'Capabilities' -Otherwise @('portMappings', 'dns')))
    {
        $plugin['capabilities'][$word] = $true
    }
    $plugin['ipam'] = ConvertTo-Ipam -Bound $Bound -Network $Network -Own $own
    $dns = ConvertTo-Dns -Bound $Bound -Network $Network
    if ($dns.Count -gt 0)
    {
        $plugin['dns'] = $dns
    }
    if ($own)
    {
        if ($exceptions.Count -gt 0)
        {
            $plugin['AdditionalArgs'] = @([ordered]@{ Name = 'EndpointPolicy'; Value = $policy })
        }
        $flags = [ordered]@{}
        if ([System.Boolean] (Get-Value -Bound $Bound -Name 'LocalPorts' -Otherwise $false))
        {
            $flags['localRoutedPortMapping'] = $true
        }
        if ($loopback)
        {
            $flags['loopbackDSR'] = $true
        }
        if ($flags.Count -gt 0)
        {
            $plugin['optionalFlags'] = $flags
        }
    }
    else
    {
        if ($exceptions.Count -gt 0)
        {
            $plugin['policies'] = @([ordered]@{ name = 'EndpointPolicy'; value = $policy })
        }
        if ($loopback)
        {
            $plugin['loopbackDSR'] = $true
        }
    }
    return [ordered]@{
        cniVersion = (Get-Value -Bound $Bound -Name 'CniVersion' -Otherwise '1.0.0')
        name = $Bound['Name']
        plugins = @($plugin)
    }
}

function ConvertTo-Ipam
{
    # Who gives addresses, and of which subnet; the key of the gateway that plug-ins read is GW.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Network,

        [Parameter(Mandatory = $true)]
        [System.Boolean]
        $Own
    )

    $subnet = @($Network.Subnets)[0]
    $local = (Get-Value -Bound $Bound -Name 'Ipam' -Otherwise $(if ($Own) { 'hns' } else { 'host-local' })) -eq 'host-local'
    $made = [ordered]@{}
    $route = [ordered]@{}
    if ($local)
    {
        $made['type'] = 'host-local'
        $route['dst'] = '0.0.0.0/0'
    }
    $made['subnet'] = $subnet.AddressPrefix
    if ($local)
    {
        foreach ($pair in @(@('RangeStart', 'rangeStart'), @('RangeEnd', 'rangeEnd')))
        {
            $address = Get-Value -Bound $Bound -Name $pair[0] -Otherwise $null
            if ($null -ne $address)
            {
                $made[$pair[1]] = $address
            }
        }
        $made['gateway'] = $subnet.GatewayAddress
    }
    $route['GW'] = $subnet.GatewayAddress
    $made['routes'] = @($route)
    return $made
}

function ConvertTo-Dns
{
    # What the network says of DNS, with the declared search list.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Network
    )

    $servers = [System.String] (Get-PSNetProperty -InputObject $Network -Name 'DNSServerList')
    $suffix = [System.String] (Get-PSNetProperty -InputObject $Network -Name 'DNSSuffix')
    $search = @(Get-Value -Bound $Bound -Name 'DnsSearch' -Otherwise @())
    if (($search.Count -eq 0) -and (-not [System.String]::IsNullOrEmpty($suffix)))
    {
        $search = @($suffix)
    }
    $made = [ordered]@{}
    if (-not [System.String]::IsNullOrEmpty($servers))
    {
        $made['nameservers'] = @($servers.Split(',') | ForEach-Object -Process { $_.Trim() })
    }
    if (-not [System.String]::IsNullOrEmpty($suffix))
    {
        $made['domain'] = $suffix
    }
    if ($search.Count -gt 0)
    {
        $made['search'] = $search
    }
    return $made
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
