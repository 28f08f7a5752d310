# CNI configuration lists of container networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_Cni'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A CNI configuration list for a container network: network, subnet, gateway and DNS are the network's
        own. Network, gateway and DNS are read from HNS on the node, so the network's own resource comes first
        (DependsOn). The file is written beside and put in its place at once.

    .PARAMETER Name
        The container network; the plug-in finds it by this name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Runtime
        Who reads it: nerdctl has a folder of its own where config.toml names another.

    .PARAMETER Plugin
        The usual one of the network's mode when left out: nat, sdnbridge or sdnoverlay.

    .PARAMETER Capabilities
        What the runtime may hand on; without portMappings -p does nothing.

    .PARAMETER DnsSearch
        Search list of names; the network's DNS suffix when left out.

    .PARAMETER OutboundNatExceptions
        Destinations that see a container's own address; not with nat.

    .PARAMETER Ipam
        Who gives addresses; HNS for Microsoft's plug-ins, host-local for win-bridge, win-overlay.

    .PARAMETER RangeStart
        Host-local's first address.

    .PARAMETER RangeEnd
        Host-local's last address.

    .PARAMETER LoopbackDsr
        LoopbackDSR: a container reaches itself through a service.

    .PARAMETER LocalPorts
        LocalRoutedPortMapping: the host reaches published ports too.

    .PARAMETER CniVersion
        The version of CNI.

    .PARAMETER Directory
        Where it lies; conf_dir of containerd's config.toml when left out.

    .PARAMETER File
        10-<name>.conflist when left out.

    .OUTPUTS
        System.Collections.Hashtable
#>
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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
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
        $first = @(Get-PSNetProperty -InputObject $list -Name 'plugins') | Select-Object -First 1
        $state.Plugin = Get-PSNetProperty -InputObject $first -Name 'type'
        $able = Get-PSNetProperty -InputObject $first -Name 'capabilities'
        if ($null -ne $able)
        {
            $state.Capabilities = [System.String[]] @($able.PSObject.Properties | ForEach-Object -Process { $_.Name })
        }
    }
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetCni' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A CNI configuration list for a container network: network, subnet, gateway and DNS are the network's
        own. Network, gateway and DNS are read from HNS on the node, so the network's own resource comes first
        (DependsOn). The file is written beside and put in its place at once.

    .PARAMETER Name
        The container network; the plug-in finds it by this name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Runtime
        Who reads it: nerdctl has a folder of its own where config.toml names another.

    .PARAMETER Plugin
        The usual one of the network's mode when left out: nat, sdnbridge or sdnoverlay.

    .PARAMETER Capabilities
        What the runtime may hand on; without portMappings -p does nothing.

    .PARAMETER DnsSearch
        Search list of names; the network's DNS suffix when left out.

    .PARAMETER OutboundNatExceptions
        Destinations that see a container's own address; not with nat.

    .PARAMETER Ipam
        Who gives addresses; HNS for Microsoft's plug-ins, host-local for win-bridge, win-overlay.

    .PARAMETER RangeStart
        Host-local's first address.

    .PARAMETER RangeEnd
        Host-local's last address.

    .PARAMETER LoopbackDsr
        LoopbackDSR: a container reaches itself through a service.

    .PARAMETER LocalPorts
        LocalRoutedPortMapping: the host reaches published ports too.

    .PARAMETER CniVersion
        The version of CNI.

    .PARAMETER Directory
        Where it lies; conf_dir of containerd's config.toml when left out.

    .PARAMETER File
        10-<name>.conflist when left out.

    .OUTPUTS
        System.Boolean
#>
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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $path = Get-ListPath -Bound $PSBoundParameters -Known:($Ensure -eq 'Absent')
    $there = if (Test-Path -LiteralPath $path -PathType Leaf) { 'Present' } else { 'Absent' }
    if ($there -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $there, $Ensure)
    }
    if (($there -ne $Ensure) -or ($Ensure -eq 'Absent'))
    {
        return $there -eq $Ensure
    }
    $network = Find-ListNetwork -Name $Name
    if ($null -eq $network)
    {
        Write-PSNetDifference -Message ($script:strings.NoNetwork -f $Name) -Code 'Name'
        return $false
    }
    $wanted = ConvertTo-Json -InputObject (ConvertTo-List -Bound $PSBoundParameters -Network $network) -Depth 10 -Compress
    $there = Read-List -Path $path
    if (($null -eq $there) -or ((ConvertTo-Json -InputObject $there -Depth 10 -Compress) -cne $wanted))
    {
        Write-PSNetDifference -Message ($script:strings.OtherList -f $path) -Code 'File'
        return $false
    }
    return $true
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A CNI configuration list for a container network: network, subnet, gateway and DNS are the network's
        own. Network, gateway and DNS are read from HNS on the node, so the network's own resource comes first
        (DependsOn). The file is written beside and put in its place at once.

    .PARAMETER Name
        The container network; the plug-in finds it by this name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Runtime
        Who reads it: nerdctl has a folder of its own where config.toml names another.

    .PARAMETER Plugin
        The usual one of the network's mode when left out: nat, sdnbridge or sdnoverlay.

    .PARAMETER Capabilities
        What the runtime may hand on; without portMappings -p does nothing.

    .PARAMETER DnsSearch
        Search list of names; the network's DNS suffix when left out.

    .PARAMETER OutboundNatExceptions
        Destinations that see a container's own address; not with nat.

    .PARAMETER Ipam
        Who gives addresses; HNS for Microsoft's plug-ins, host-local for win-bridge, win-overlay.

    .PARAMETER RangeStart
        Host-local's first address.

    .PARAMETER RangeEnd
        Host-local's last address.

    .PARAMETER LoopbackDsr
        LoopbackDSR: a container reaches itself through a service.

    .PARAMETER LocalPorts
        LocalRoutedPortMapping: the host reaches published ports too.

    .PARAMETER CniVersion
        The version of CNI.

    .PARAMETER Directory
        Where it lies; conf_dir of containerd's config.toml when left out.

    .PARAMETER File
        10-<name>.conflist when left out.
#>
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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetCni $Name"
    try
    {
        $null = Protect-PSNetFolder
        $before = Get-ListPath -Bound $PSBoundParameters -Known
        if ($Ensure -eq 'Absent')
        {
            if (Test-Path -LiteralPath $before -PathType Leaf)
            {
                Write-Verbose -Message ($script:strings.Removing -f $before)
                Remove-Item -LiteralPath $before -Force
            }
            Set-PSNetLedgerEntry -Key "cni/$Name" -Entry $null
            return
        }
        $network = Find-ListNetwork -Name $Name
        if ($null -eq $network)
        {
            Write-Error -Message ($script:strings.NoNetwork -f $Name) -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject $Name
        }
        $path = Get-ListPath -Bound $PSBoundParameters
        $text = ConvertTo-Json -InputObject (ConvertTo-List -Bound $PSBoundParameters -Network $network) -Depth 10
        Write-Verbose -Message ($script:strings.Writing -f $path)
        Write-List -Path $path -Text $text
        if (($before -ne $path) -and (Test-Path -LiteralPath $before -PathType Leaf) -and (@((Get-PSNetLedger).Keys) -contains "cni/$Name"))
        {
            Remove-Item -LiteralPath $before -Force
        }
        Set-PSNetLedgerEntry -Key "cni/$Name" -Entry ([ordered]@{ name = $Name; path = $path })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        What is declared of a property, or what stands for it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Name
        The name of the property.

    .PARAMETER Otherwise
        What stands for it when it is not declared.
#>
function Get-Value
{
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

<#
    .SYNOPSIS
        Where the list lies: as declared, in the folder of config.toml, or, when -Known, where the ledger says
        it was written.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Known
        Takes the path that the ledger has, where it has one.
#>
function Get-ListPath
{
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

<#
    .SYNOPSIS
        The HNS network that the plug-in finds by its name; nothing where there is none, or several.

    .PARAMETER Name
        The name of the thing.
#>
function Find-ListNetwork
{
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

<#
    .SYNOPSIS
        The document of a file; nothing where it is no JSON.

    .PARAMETER Path
        The file.
#>
function Read-List
{
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
        Write-Verbose -Message ($script:strings.NoJson -f $Path)
    }
}

<#
    .SYNOPSIS
        Writes beside the file and puts it in its place at once; without a byte-order mark, which the readers do
        not take.

    .PARAMETER Path
        The file.

    .PARAMETER Text
        The document.
#>
function Write-List
{
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

<#
    .SYNOPSIS
        The configuration list, as psnet writes it: what the network says, and what is declared.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Network
        The network, by its name or as HNS has it.
#>
function ConvertTo-List
{
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
        Write-Error -Message ($script:strings.NoPlugin -f $mode) -ErrorId 'PSNet.NetworkMode' -Category InvalidArgument -TargetObject $mode
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

<#
    .SYNOPSIS
        Who gives addresses, and of which subnet; the key of the gateway that plug-ins read is GW.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Network
        The network, by its name or as HNS has it.

    .PARAMETER Own
        Whether it is one of Microsoft's own plug-ins.
#>
function ConvertTo-Ipam
{
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

<#
    .SYNOPSIS
        What the network says of DNS, with the declared search list.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Network
        The network, by its name or as HNS has it.
#>
function ConvertTo-Dns
{
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
