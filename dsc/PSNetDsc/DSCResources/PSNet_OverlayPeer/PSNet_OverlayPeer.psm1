# Peers of an overlay network: what lies behind another host's tunnel.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_OverlayPeer'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute). Through the
        Host Compute Network (HNS 9.2 and later). A prefix is found on its network; one that differs is taken
        out and added again. From build 18321 on the network gets a HostRoute too.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Subnet
        The prefix of its containers.

    .PARAMETER Name
        What the other host is called; psnet's ledger keeps it under that.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER ProviderAddress
        Its own address: where the tunnel ends; needed when Ensure is Present.

    .PARAMETER Mac
        The MAC of the distributed router there (DrMacAddress of its network); needed when Ensure is Present.

    .PARAMETER Vsid
        The virtual subnet; that of the network when left out.

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
        $Network,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Subnet,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $ProviderAddress,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.UInt32]
        $Vsid
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-State -Bound $PSBoundParameters
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetOverlayPeer' -Bound $PSBoundParameters -Finds 'Network', 'Subnet', 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute). Through the
        Host Compute Network (HNS 9.2 and later). A prefix is found on its network; one that differs is taken
        out and added again. From build 18321 on the network gets a HostRoute too.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Subnet
        The prefix of its containers.

    .PARAMETER Name
        What the other host is called; psnet's ledger keeps it under that.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER ProviderAddress
        Its own address: where the tunnel ends; needed when Ensure is Present.

    .PARAMETER Mac
        The MAC of the distributed router there (DrMacAddress of its network); needed when Ensure is Present.

    .PARAMETER Vsid
        The virtual subnet; that of the network when left out.

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
        $Network,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Subnet,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $ProviderAddress,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.UInt32]
        $Vsid
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-State -Bound $PSBoundParameters
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Compare-PSNetState -Current $state -Desired (Get-Desired -Bound $PSBoundParameters)).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute). Through the
        Host Compute Network (HNS 9.2 and later). A prefix is found on its network; one that differs is taken
        out and added again. From build 18321 on the network gets a HostRoute too.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Subnet
        The prefix of its containers.

    .PARAMETER Name
        What the other host is called; psnet's ledger keeps it under that.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER ProviderAddress
        Its own address: where the tunnel ends; needed when Ensure is Present.

    .PARAMETER Mac
        The MAC of the distributed router there (DrMacAddress of its network); needed when Ensure is Present.

    .PARAMETER Vsid
        The virtual subnet; that of the network when left out.
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Network,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Subnet,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $ProviderAddress,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.UInt32]
        $Vsid
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetOverlayPeer $($Name)"
    try
    {
        $state = Get-State -Bound $PSBoundParameters
        if ($Ensure -eq 'Absent')
        {
            if ($state.Ensure -eq 'Present')
            {
                Write-Verbose -Message ($script:strings.Removing -f $Name)
                Set-PSNetNetworkPolicy -Network $Network -Type 'RemoteSubnetRoute' -Policy @() -Field 'DestinationPrefix' -Value (ConvertTo-PSNetAddress -Address $Subnet)
            }
            Set-PSNetLedgerEntry -Key "overlay_peer/$Name" -Entry $null
            return
        }
        $desired = Get-Desired -Bound $PSBoundParameters
        if (($state.Ensure -eq 'Present') -and (@(Compare-PSNetState -Current $state -Desired $desired).Count -eq 0))
        {
            return
        }
        Write-Verbose -Message ($script:strings.Making -f $Name)
        # Without a HostRoute the host does not reach its own containers on an overlay; builds before 18321 have none.
        if (([System.Environment]::OSVersion.Version.Build -ge 18321) -and (@(Get-PSNetNetworkPolicy -Network $Network -Type 'HostRoute').Count -eq 0))
        {
            Set-PSNetNetworkPolicy -Network $Network -Type 'HostRoute' -Policy @([ordered]@{ Type = 'HostRoute'; Settings = [ordered]@{} })
        }
        $settings = [ordered]@{ DestinationPrefix = (ConvertTo-PSNetAddress -Address $Subnet); IsolationId = [System.Int32] $desired.Vsid; ProviderAddress = $desired.ProviderAddress; DistributedRouterMacAddress = $desired.Mac }
        Set-PSNetNetworkPolicy -Network $Network -Type 'RemoteSubnetRoute' -Policy @([ordered]@{ Type = 'RemoteSubnetRoute'; Settings = $settings }) -Field 'DestinationPrefix' -Value $settings['DestinationPrefix']
        Set-PSNetLedgerEntry -Key "overlay_peer/$Name" -Entry ([ordered]@{ network = $Network; subnet = (ConvertTo-PSNetAddress -Address $Subnet) })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The route to the prefix, as the network has it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Get-State
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    $prefix = ConvertTo-PSNetAddress -Address $Bound['Subnet']
    $state = @{ Network = $Bound['Network']; Subnet = $prefix; Name = $Bound['Name']; Ensure = 'Absent'; ProviderAddress = $null; Mac = $null; Vsid = $null }
    $found = Get-PSNetNetworkPolicy -Network $Bound['Network'] -Type 'RemoteSubnetRoute' | Where-Object -FilterScript { $_.DestinationPrefix -eq $prefix } | Select-Object -First 1
    if ($null -ne $found)
    {
        $state.Ensure = 'Present'
        $state.ProviderAddress = Get-PSNetProperty -InputObject $found -Name 'ProviderAddress'
        $state.Mac = "$(Get-PSNetProperty -InputObject $found -Name 'DistributedRouterMacAddress')".Replace(':', '-').ToUpperInvariant()
        $state.Vsid = Get-PSNetProperty -InputObject $found -Name 'IsolationId'
    }
    return $state
}

<#
    .SYNOPSIS
        What is declared; the virtual subnet is that of the network when it is left out.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Get-Desired
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    Assert-PSNetParameter -Bound $Bound -Name 'ProviderAddress', 'Mac'
    $number = if (@($Bound.Keys) -contains 'Vsid') { $Bound['Vsid'] } else { $null }
    if ($null -eq $number)
    {
        $there = Find-PSNetNetwork -Name $Bound['Network']
        $policies = @(Get-PSNetProperty -InputObject $there -Name 'Subnets' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { Get-PSNetProperty -InputObject $_ -Name 'Policies' } | Where-Object -FilterScript { $null -ne $_ })
        $number = $policies | Where-Object -FilterScript { $_.Type -eq 'VSID' } | ForEach-Object -Process { $_.VSID } | Select-Object -First 1
    }
    return [ordered]@{ ProviderAddress = $Bound['ProviderAddress']; Mac = $Bound['Mac'].Replace(':', '-').ToUpperInvariant(); Vsid = $number }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
