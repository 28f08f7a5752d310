# Container networks and the backends that make them.

<#
    .SYNOPSIS
        Returns containers, hns or docker: the one that is wanted, else the first that gives what is declared.

    .PARAMETER Backend
        What makes networks: containers, hns or docker.

    .PARAMETER Lacking
        Whether New-ContainerNetwork gives less than is declared.
#>
function Resolve-PSNetBackend
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend,

        [Parameter()]
        [System.Boolean]
        $Lacking = $false
    )

    $available = [ordered]@{
        containers = $null -ne (Get-Command -Name 'New-ContainerNetwork' -ErrorAction SilentlyContinue)
        hns = $null -ne (Get-Service -Name 'hns' -ErrorAction SilentlyContinue)
        docker = $null -ne (Get-Service -Name 'docker' -ErrorAction SilentlyContinue)
    }
    if ($Backend -eq 'hcn')
    {
        # The Host Compute Network, from HNS 9.2 on; it is taken when it is asked for.
        $available['hcn'] = $available['hns'] -and (Test-PSNetHcn)
    }
    if ($Backend -ne 'auto')
    {
        if (-not $available[$Backend])
        {
            Write-Error -Message ($script:strings.NoSuchBackend -f $Backend) -ErrorId 'PSNet.NoBackend' -Category NotInstalled -TargetObject $Backend
        }
        return $Backend
    }
    if ($Lacking -and $available['hns'])
    {
        return 'hns'
    }
    foreach ($name in @($available.Keys))
    {
        if ($available[$name])
        {
            return $name
        }
    }
    Write-Error -Message $script:strings.NoBackend -ErrorId 'PSNet.NoBackend' -Category NotInstalled
}

<#
    .SYNOPSIS
        Returns the HNS network of a name, or the one that docker calls so; nothing when there is none.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Backend
        What makes networks: containers, hns or docker.
#>
function Find-PSNetNetwork
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [System.String]
        $Backend = 'hns'
    )

    $known = @(Invoke-PSNetHns -Method GET -Path '/networks/')
    if ($Backend -eq 'docker')
    {
        $ids = @(Invoke-PSNetDocker -Arguments @('network', 'ls', '--quiet', '--no-trunc') | Where-Object -FilterScript { $_ -notmatch '^0+$' })
        if ($ids.Count -eq 0)
        {
            return
        }
        $text = @(Invoke-PSNetDocker -Arguments (@('network', 'inspect') + $ids)) -join "`n"
        $mine = @(ConvertFrom-Json -InputObject $text | ForEach-Object -Process { $_ } | Where-Object -FilterScript { $_.Name -ceq $Name })
        $ids = @($mine | ForEach-Object -Process { Get-PSNetProperty -InputObject $_.Options -Name 'com.docker.network.windowsshim.hnsid' })
        return $known | Where-Object -FilterScript { $ids -contains $_.ID } | Select-Object -First 1
    }
    return $known | Where-Object -FilterScript { (Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name } | Select-Object -First 1
}

<#
    .SYNOPSIS
        Returns the network of a name: HNS's own, else the one that docker calls so.

    .PARAMETER Name
        The name of the thing.
#>
function Resolve-PSNetNetwork
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $network = Find-PSNetNetwork -Name $Name
    if (($null -eq $network) -and ($null -ne (Get-Service -Name 'docker' -ErrorAction SilentlyContinue)))
    {
        $network = Find-PSNetNetwork -Name $Name -Backend 'docker'
    }
    return $network
}

<#
    .SYNOPSIS
        Subnets as ordered pairs: Prefix, and Gateway where one is declared.

    .PARAMETER Text
        A text for each record.
#>
function ConvertFrom-PSNetSubnet
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Text
    )

    foreach ($item in $Text)
    {
        ConvertFrom-PSNetText -Text $item -Name 'Prefix', 'Gateway'
    }
}

<#
    .SYNOPSIS
        Pools of MAC addresses as ordered pairs, spelt as HNS does.

    .PARAMETER Text
        A text for each record.
#>
function ConvertFrom-PSNetMacPool
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Text
    )

    foreach ($item in $Text)
    {
        $pool = ConvertFrom-PSNetText -Text $item -Name 'Start', 'End'
        foreach ($key in @($pool.Keys))
        {
            $pool[$key] = $pool[$key].Replace(':', '-').ToUpperInvariant()
        }
        Write-Output -InputObject $pool
    }
}

<#
    .SYNOPSIS
        The declared gateway of a subnet, or the first address of its prefix.

    .PARAMETER Subnet
        The subnet, as ConvertFrom-PSNetSubnet returns it.
#>
function Get-PSNetGateway
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Subnet
    )

    if (@($Subnet.Keys) -contains 'Gateway')
    {
        return $Subnet['Gateway']
    }
    $bytes = [System.Net.IPAddress]::Parse((ConvertTo-PSNetAddress -Address $Subnet['Prefix']).Split('/')[0]).GetAddressBytes()
    for ($at = $bytes.Length - 1; $at -ge 0; $at--)
    {
        if ($bytes[$at] -lt 255)
        {
            $bytes[$at] = $bytes[$at] + 1
            break
        }
        $bytes[$at] = 0
    }
    return ([System.Net.IPAddress]::new($bytes)).ToString()
}

<#
    .SYNOPSIS
        Makes a network with the chosen backend.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Mode
        The mode of the network, such as nat.

    .PARAMETER Backend
        What makes networks: containers, hns or docker.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function New-PSNetNetwork
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    $given = @{}
    foreach ($item in @('Subnets', 'DnsServers', 'DnsSuffix', 'Adapter', 'Vlan', 'Vsid', 'MacPools'))
    {
        $given[$item] = if (@($Bound.Keys) -contains $item) { $Bound[$item] } else { $null }
    }
    $subnets = @(if ($null -ne $given.Subnets) { ConvertFrom-PSNetSubnet -Text $given.Subnets })
    $pools = @(if ($null -ne $given.MacPools) { ConvertFrom-PSNetMacPool -Text $given.MacPools })
    $servers = @($given.DnsServers | Where-Object -FilterScript { $null -ne $_ })
    if ($Backend -eq 'containers')
    {
        $parameters = @{ Name = $Name; Mode = $Mode }
        if ($subnets.Count -gt 0)
        {
            $parameters.SubnetPrefix = @($subnets | ForEach-Object -Process { $_['Prefix'] })
            $parameters.GatewayAddress = @($subnets | ForEach-Object -Process { Get-PSNetGateway -Subnet $_ })
        }
        if ($servers.Count -gt 0)
        {
            $parameters.DNSServers = $servers
        }
        if ($null -ne $given.DnsSuffix)
        {
            $parameters.DNSSuffix = $given.DnsSuffix
        }
        if ($null -ne $given.Adapter)
        {
            $parameters.NetworkAdapterName = $given.Adapter
        }
        $null = New-ContainerNetwork @parameters
        return
    }
    if ($Backend -eq 'docker')
    {
        $arguments = @('network', 'create', '--driver', $Mode)
        foreach ($subnet in $subnets)
        {
            $arguments += @('--subnet', $subnet['Prefix'], '--gateway', (Get-PSNetGateway -Subnet $subnet))
        }
        $options = [ordered]@{
            interface = $given.Adapter
            dnsservers = $servers -join ','
            dnssuffix = $given.DnsSuffix
            vlanid = $given.Vlan
            vsid = $given.Vsid
            macpool = @($pools | ForEach-Object -Process { $_['Start'], $_['End'] }) -join ','
        }
        foreach ($key in @($options.Keys))
        {
            if (-not [System.String]::IsNullOrEmpty([System.String] $options[$key]))
            {
                $arguments += @('--opt', "com.docker.network.windowsshim.$key=$($options[$key])")
            }
        }
        $null = Invoke-PSNetDocker -Arguments ($arguments + $Name)
        return
    }
    if ($Backend -eq 'hcn')
    {
        $document = ConvertTo-PSNetHcnNetwork -Name $Name -Mode $Mode -Given $given -Subnet $subnets -Pool $pools -Server $servers
        Invoke-PSNetHcn -Verb CreateNetwork -Settings (ConvertTo-Json -InputObject $document -Depth 10 -Compress)
        return
    }
    $network = [ordered]@{ Name = $Name; Type = $Mode }
    if ($subnets.Count -gt 0)
    {
        $network.Subnets = @($subnets | ForEach-Object -Process { [ordered]@{ AddressPrefix = $_['Prefix']; GatewayAddress = Get-PSNetGateway -Subnet $_ } })
    }
    if ($servers.Count -gt 0)
    {
        $network.DNSServerList = $servers -join ','
    }
    if ($null -ne $given.DnsSuffix)
    {
        $network.DNSSuffix = $given.DnsSuffix
    }
    if ($null -ne $given.Adapter)
    {
        $network.NetworkAdapterName = $given.Adapter
    }
    if ($pools.Count -gt 0)
    {
        $network.MacPools = @($pools | ForEach-Object -Process { [ordered]@{ StartMacAddress = $_['Start']; EndMacAddress = $_['End'] } })
    }
    if ($null -ne $given.Vlan)
    {
        $network.Policies = @([ordered]@{ Type = 'VLAN'; VLAN = $given.Vlan })
    }
    if ($null -ne $given.Vsid)
    {
        # It stands in the policies of the subnets (claim c53).
        foreach ($subnet in @($network['Subnets'] | Where-Object -FilterScript { $null -ne $_ }))
        {
            $subnet['Policies'] = @([ordered]@{ Type = 'VSID'; VSID = $given.Vsid })
        }
    }
    $null = Invoke-PSNetHns -Method POST -Path '/networks/' -Body (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
}

<#
    .SYNOPSIS
        The document of a network for the Host Compute Network, as psnet apply writes it.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Mode
        The mode of the network, such as nat.

    .PARAMETER Given
        The declared properties of the network, $null for those that are not.

    .PARAMETER Subnet
        The subnets, as ConvertFrom-PSNetSubnet returns them.

    .PARAMETER Pool
        Pools of MAC addresses, as ConvertFrom-PSNetMacPool returns them.

    .PARAMETER Server
        The DNS servers.
#>
function ConvertTo-PSNetHcnNetwork
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Given,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Subnet,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Pool,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Server
    )

    $types = @{ nat = 'NAT'; l2bridge = 'L2Bridge'; l2tunnel = 'L2Tunnel'; transparent = 'Transparent'; overlay = 'Overlay'; internal = 'Internal'; private = 'Private' }
    $network = [ordered]@{ Name = $Name; Type = $types[$Mode] }
    $isolation = @(foreach ($word in @('Vlan', 'Vsid'))
        {
            if ($null -ne $Given[$word])
            {
                [ordered]@{ Type = $word.ToUpperInvariant(); Settings = [ordered]@{ IsolationId = $Given[$word] } }
            }
        })
    if ($Subnet.Count -gt 0)
    {
        $made = @(foreach ($item in $Subnet)
            {
                $route = [ordered]@{ NextHop = (Get-PSNetGateway -Subnet $item); DestinationPrefix = $(if ($item['Prefix'].Contains(':')) { '::/0' } else { '0.0.0.0/0' }) }
                $one = [ordered]@{ IpAddressPrefix = $item['Prefix']; Routes = @($route) }
                if ($isolation.Count -gt 0)
                {
                    $one['Policies'] = $isolation
                }
                $one
            })
        $network['Ipams'] = @([ordered]@{ Type = 'Static'; Subnets = $made })
    }
    if (($Server.Count -gt 0) -or ($null -ne $Given.DnsSuffix))
    {
        $network['Dns'] = [ordered]@{ Domain = [System.String] $Given.DnsSuffix; ServerList = @($Server) }
    }
    if ($Pool.Count -gt 0)
    {
        $network['MacPool'] = [ordered]@{ Ranges = @($Pool | ForEach-Object -Process { [ordered]@{ StartMacAddress = $_['Start']; EndMacAddress = $_['End'] } }) }
    }
    if ($null -ne $Given.Adapter)
    {
        $network['Policies'] = @([ordered]@{ Type = 'NetAdapterName'; Settings = [ordered]@{ NetworkAdapterName = $Given.Adapter } })
    }
    $network['SchemaVersion'] = [ordered]@{ Major = 2; Minor = 0 }
    return $network
}

<#
    .SYNOPSIS
        Whether the host has the Host Compute Network: HNS from 9.2 on.
#>
function Test-PSNetHcn
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param ()

    $answer = Invoke-PSNetHns -Method GET -Path '/globals/version' -ErrorAction SilentlyContinue
    $version = Get-PSNetProperty -InputObject $answer -Name 'Version'
    return ($null -ne $version) -and (([System.Version] ('{0}.{1}' -f $version.Major, $version.Minor)) -ge ([System.Version] '9.2'))
}

<#
    .SYNOPSIS
        Removes a network with the chosen backend.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Id
        The network's id.

    .PARAMETER Backend
        What makes networks: containers, hns or docker.
#>
function Remove-PSNetNetwork
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Id,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend
    )

    switch ($Backend)
    {
        'containers' { Remove-ContainerNetwork -Name $Name -Force }
        'docker' { $null = Invoke-PSNetDocker -Arguments @('network', 'rm', $Name) }
        'hcn' { Invoke-PSNetHcn -Verb DeleteNetwork -Id $Id }
        default { $null = Invoke-PSNetHns -Method DELETE -Path "/networks/$Id" }
    }
}
