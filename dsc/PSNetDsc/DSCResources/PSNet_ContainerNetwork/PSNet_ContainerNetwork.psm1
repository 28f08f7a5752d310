# Container networks, made by New-ContainerNetwork, by HNS or by docker.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_ContainerNetwork'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A network that containers attach to. A network that differs is removed and made again: HNS changes none
        in place. What stands on it goes with it, and its own resources make it again in the same run
        (DependsOn). On the adapter that carries the host's connection the LCM goes on while the switch is made,
        without a roll-back.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it; auto takes New-ContainerNetwork where it is there and gives all that is declared, else
        HNS.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Mode
        How the network reaches the outside.

    .PARAMETER Subnets
        The subnets, in order; a nat network has one; each is a text: Prefix=...; Gateway=....

    .PARAMETER DnsServers
        What its endpoints ask for names, in order.

    .PARAMETER DnsSuffix
        The DNS suffix of its endpoints.

    .PARAMETER Adapter
        The physical adapter that its switch binds to; HNS takes a free one when it is left out; several, with
        commas between them, become one switch with embedded teaming (SET).

    .PARAMETER Vlan
        VLAN of the physical network; the port must trunk it.

    .PARAMETER Vsid
        Virtual subnet id of an overlay or SDN network.

    .PARAMETER MacPools
        Ranges of MAC addresses for its endpoints; each is a text: Start=...; End=....

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
        [ValidateSet('auto', 'containers', 'hns', 'hcn', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-NetworkState -Name $Name -Backend (Resolve-PSNetBackend -Backend $Backend)
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetContainerNetwork' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A network that containers attach to. A network that differs is removed and made again: HNS changes none
        in place. What stands on it goes with it, and its own resources make it again in the same run
        (DependsOn). On the adapter that carries the host's connection the LCM goes on while the switch is made,
        without a roll-back.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it; auto takes New-ContainerNetwork where it is there and gives all that is declared, else
        HNS.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Mode
        How the network reaches the outside.

    .PARAMETER Subnets
        The subnets, in order; a nat network has one; each is a text: Prefix=...; Gateway=....

    .PARAMETER DnsServers
        What its endpoints ask for names, in order.

    .PARAMETER DnsSuffix
        The DNS suffix of its endpoints.

    .PARAMETER Adapter
        The physical adapter that its switch binds to; HNS takes a free one when it is left out; several, with
        commas between them, become one switch with embedded teaming (SET).

    .PARAMETER Vlan
        VLAN of the physical network; the port must trunk it.

    .PARAMETER Vsid
        Virtual subnet id of an overlay or SDN network.

    .PARAMETER MacPools
        Ranges of MAC addresses for its endpoints; each is a text: Start=...; End=....

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
        [ValidateSet('auto', 'containers', 'hns', 'hcn', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $chosen = Resolve-PSNetBackend -Backend $Backend -Lacking (Test-Lacking -Bound $PSBoundParameters -Mode $Mode)
    $state = Get-NetworkState -Name $Name -Backend $chosen
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters -Mode $Mode).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A network that containers attach to. A network that differs is removed and made again: HNS changes none
        in place. What stands on it goes with it, and its own resources make it again in the same run
        (DependsOn). On the adapter that carries the host's connection the LCM goes on while the switch is made,
        without a roll-back.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it; auto takes New-ContainerNetwork where it is there and gives all that is declared, else
        HNS.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Mode
        How the network reaches the outside.

    .PARAMETER Subnets
        The subnets, in order; a nat network has one; each is a text: Prefix=...; Gateway=....

    .PARAMETER DnsServers
        What its endpoints ask for names, in order.

    .PARAMETER DnsSuffix
        The DNS suffix of its endpoints.

    .PARAMETER Adapter
        The physical adapter that its switch binds to; HNS takes a free one when it is left out; several, with
        commas between them, become one switch with embedded teaming (SET).

    .PARAMETER Vlan
        VLAN of the physical network; the port must trunk it.

    .PARAMETER Vsid
        Virtual subnet id of an overlay or SDN network.

    .PARAMETER MacPools
        Ranges of MAC addresses for its endpoints; each is a text: Start=...; End=....
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
        [ValidateSet('auto', 'containers', 'hns', 'hcn', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetContainerNetwork $Name"
    try
    {
        $null = Protect-PSNetFolder
        $chosen = Resolve-PSNetBackend -Backend $Backend -Lacking (Test-Lacking -Bound $PSBoundParameters -Mode $Mode)
        $state = Get-NetworkState -Name $Name -Backend $chosen
        if (($Ensure -eq 'Present') -and ($state.Ensure -eq 'Present') -and (@(Get-Difference -State $state -Bound $PSBoundParameters -Mode $Mode).Count -eq 0))
        {
            return
        }
        if ($state.Ensure -eq 'Present')
        {
            Assert-PSNetIdle -Endpoint @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'VirtualNetwork') -eq $state.Id) }) -AllowDowntime $AllowDowntime
            Write-Verbose -Message ($script:strings.Removing -f $Name, $chosen)
            Remove-PSNetNetwork -Name $Name -Id $state.Id -Backend $chosen
        }
        if ($Ensure -eq 'Absent')
        {
            Set-PSNetLedgerEntry -Key "container_network/$Name" -Entry $null
            return
        }
        Write-Verbose -Message ($script:strings.Making -f $Name, $chosen)
        New-PSNetNetwork -Name $Name -Mode $Mode -Backend $chosen -Bound $PSBoundParameters
        Set-PSNetLedgerEntry -Key "container_network/$Name" -Entry ([ordered]@{ name = $Name; mode = $Mode; backend = $chosen })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        Whether New-ContainerNetwork has no parameter for something that is declared.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Mode
        The mode of the network, such as nat.
#>
function Test-Lacking
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode
    )

    $beyond = @(@('Vlan', 'Vsid', 'MacPools') | Where-Object -FilterScript { @($Bound.Keys) -contains $_ })
    $many = (@($Bound.Keys) -contains 'Subnets') -and (@($Bound['Subnets']).Count -gt 1)
    return ($beyond.Count -gt 0) -or $many -or (@('nat', 'transparent', 'l2bridge', 'l2tunnel') -notcontains $Mode)
}

<#
    .SYNOPSIS
        The properties of a network as the host has it, from one query of HNS.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Backend
        What makes networks: containers, hns or docker.
#>
function Get-NetworkState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend
    )

    $state = @{
        Name = $Name
        Ensure = 'Absent'
        Backend = $Backend
        Mode = $null
        Subnets = @()
        DnsServers = @()
        DnsSuffix = $null
        Adapter = $null
        Vlan = $null
        Vsid = $null
        MacPools = @()
        Id = $null
    }
    $network = Find-PSNetNetwork -Name $Name -Backend $Backend
    if ($null -eq $network)
    {
        return $state
    }
    $servers = Get-PSNetProperty -InputObject $network -Name 'DNSServerList'
    # A VSID stands in the policies of the subnet (claim c53), a VLAN in those of the network.
    $policies = @(@($network) + @(Get-PSNetProperty -InputObject $network -Name 'Subnets') | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            Get-PSNetProperty -InputObject $_ -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ }
        })
    $state.Ensure = 'Present'
    $state.Id = $network.ID
    $state.Mode = ([System.String] $network.Type).ToLowerInvariant()
    $state.Subnets = @(Get-PSNetProperty -InputObject $network -Name 'Subnets' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            ConvertTo-PSNetText -Pairs ([ordered]@{
                    Prefix = Get-PSNetProperty -InputObject $_ -Name 'AddressPrefix'
                    Gateway = Get-PSNetProperty -InputObject $_ -Name 'GatewayAddress'
                })
        } | Where-Object -FilterScript { $_ -like 'Prefix=*' })
    $state.DnsServers = @("$servers".Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    $state.DnsSuffix = Get-PSNetProperty -InputObject $network -Name 'DNSSuffix'
    $state.Adapter = Get-PSNetProperty -InputObject $network -Name 'NetworkAdapterName'
    $state.Vlan = $policies | Where-Object -FilterScript { $_.Type -eq 'VLAN' } | ForEach-Object -Process { $_.VLAN } | Select-Object -First 1
    $state.Vsid = $policies | Where-Object -FilterScript { $_.Type -eq 'VSID' } | ForEach-Object -Process { $_.VSID } | Select-Object -First 1
    $state.MacPools = @(Get-PSNetProperty -InputObject $network -Name 'MacPools' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            ConvertTo-PSNetText -Pairs ([ordered]@{
                    Start = Get-PSNetProperty -InputObject $_ -Name 'StartMacAddress'
                    End = Get-PSNetProperty -InputObject $_ -Name 'EndMacAddress'
                })
        })
    return $state
}

<#
    .SYNOPSIS
        The names of the declared properties that the host has otherwise.

    .PARAMETER State
        The properties of the thing as the host has it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Mode
        The mode of the network, such as nat.
#>
function Get-Difference
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $State,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode
    )

    $current = $State.Clone()
    $desired = [ordered]@{ Mode = $Mode }
    foreach ($name in @('DnsServers', 'DnsSuffix', 'Adapter', 'Vlan', 'Vsid'))
    {
        if (@($Bound.Keys) -contains $name)
        {
            $desired[$name] = $Bound[$name]
        }
    }
    if (@($Bound.Keys) -contains 'MacPools')
    {
        $desired['MacPools'] = @(ConvertFrom-PSNetMacPool -Text $Bound['MacPools'] | ForEach-Object -Process { ConvertTo-PSNetText -Pairs $_ })
    }
    if (@($Bound.Keys) -contains 'Subnets')
    {
        $wanted = @(ConvertFrom-PSNetSubnet -Text $Bound['Subnets'])
        $desired['Subnets'] = @($wanted | ForEach-Object -Process { ConvertTo-PSNetText -Pairs $_ })
        # A gateway that is not declared is not compared.
        $current['Subnets'] = @(for ($at = 0; $at -lt $State.Subnets.Count; $at++)
            {
                $there = ConvertFrom-PSNetText -Text $State.Subnets[$at] -Name 'Prefix', 'Gateway'
                if (($at -lt $wanted.Count) -and (@($wanted[$at].Keys) -notcontains 'Gateway'))
                {
                    $there.Remove('Gateway')
                }
                ConvertTo-PSNetText -Pairs $there
            })
    }
    Compare-PSNetState -Current $current -Desired $desired -IgnoreCase 'Mode', 'Subnets', 'DnsSuffix', 'Adapter'
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
