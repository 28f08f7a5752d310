# Sets of addresses that rules name.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_IpSet'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A set of addresses on a network, or of other sets; ACLs and network ACLs name it. Through the Host
        Compute Network (HNS 13 and later; sets of sets from 15 on). Rules of PSNetEndpointAcl and
        PSNetNetworkAcl name it by SourceSets and DestinationSets; it is changed in place.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Name
        The name by which rules name it.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Addresses
        Its addresses and prefixes.

    .PARAMETER Sets
        The sets that it holds, in place of addresses.

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
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Addresses,

        [Parameter()]
        [System.String[]]
        $Sets
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-State -Bound $PSBoundParameters
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetIpSet' -Bound $PSBoundParameters -Finds 'Network', 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A set of addresses on a network, or of other sets; ACLs and network ACLs name it. Through the Host
        Compute Network (HNS 13 and later; sets of sets from 15 on). Rules of PSNetEndpointAcl and
        PSNetNetworkAcl name it by SourceSets and DestinationSets; it is changed in place.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Name
        The name by which rules name it.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Addresses
        Its addresses and prefixes.

    .PARAMETER Sets
        The sets that it holds, in place of addresses.

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
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Addresses,

        [Parameter()]
        [System.String[]]
        $Sets
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
        A set of addresses on a network, or of other sets; ACLs and network ACLs name it. Through the Host
        Compute Network (HNS 13 and later; sets of sets from 15 on). Rules of PSNetEndpointAcl and
        PSNetNetworkAcl name it by SourceSets and DestinationSets; it is changed in place.

    .PARAMETER Network
        The container network that it belongs to.

    .PARAMETER Name
        The name by which rules name it.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Addresses
        Its addresses and prefixes.

    .PARAMETER Sets
        The sets that it holds, in place of addresses.
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
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Addresses,

        [Parameter()]
        [System.String[]]
        $Sets
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetIpSet $($Name)"
    try
    {
        $state = Get-State -Bound $PSBoundParameters
        if ($Ensure -eq 'Absent')
        {
            if ($state.Ensure -eq 'Present')
            {
                Write-Verbose -Message ($script:strings.Removing -f $Name)
                Set-PSNetNetworkPolicy -Network $Network -Type 'SetPolicy' -Policy @() -Field 'Id' -Value "psnet-$Name"
            }
            Set-PSNetLedgerEntry -Key "ip_set/$Name" -Entry $null
            return
        }
        $desired = Get-Desired -Bound $PSBoundParameters
        if (($state.Ensure -eq 'Present') -and (@(Compare-PSNetState -Current $state -Desired $desired).Count -eq 0))
        {
            return
        }
        Write-Verbose -Message ($script:strings.Making -f $Name)
        $settings = [ordered]@{ Id = "psnet-$Name"; Name = $Name; PolicyType = $desired.Kind; Values = @(if ($desired.Kind -eq 'IPSET') { $desired.Addresses } else { $desired.Sets | ForEach-Object -Process { "psnet-$_" } }) -join ',' }
        # An Update with one set changes that set alone: HNS knows it by its Id.
        $same = ($state.Ensure -eq 'Present') -and ($state.Kind -eq $desired.Kind)
        Set-PSNetNetworkPolicy -Network $Network -Type 'SetPolicy' -Policy @([ordered]@{ Type = 'SetPolicy'; Settings = $settings }) -Field 'Id' -Value "psnet-$Name" -InPlace:$same
        Set-PSNetLedgerEntry -Key "ip_set/$Name" -Entry ([ordered]@{ network = $Network })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The set of this id, as the network has it.

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

    $state = @{ Network = $Bound['Network']; Name = $Bound['Name']; Ensure = 'Absent'; Addresses = @(); Sets = @(); Kind = $null }
    $found = Get-PSNetNetworkPolicy -Network $Bound['Network'] -Type 'SetPolicy' | Where-Object -FilterScript { (Get-PSNetProperty -InputObject $_ -Name 'Id') -eq "psnet-$($Bound['Name'])" } | Select-Object -First 1
    if ($null -ne $found)
    {
        $held = @("$(Get-PSNetProperty -InputObject $found -Name 'Values')".Split(',') | Where-Object -FilterScript { $_ -ne '' } | Sort-Object)
        $state.Ensure = 'Present'
        $state.Kind = "$(Get-PSNetProperty -InputObject $found -Name 'PolicyType')"
        if ($state.Kind -eq 'NESTEDIPSET')
        {
            $state.Sets = [System.String[]] @($held | ForEach-Object -Process { $_ -replace '^psnet-', '' })
        }
        else
        {
            $state.Addresses = [System.String[]] $held
        }
    }
    return $state
}

<#
    .SYNOPSIS
        What is declared, in order: addresses, or the sets that it holds.

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

    $sets = @(if (@($Bound.Keys) -contains 'Sets') { $Bound['Sets'] | Sort-Object })
    $addresses = @(if (@($Bound.Keys) -contains 'Addresses') { $Bound['Addresses'] | ForEach-Object -Process { ConvertTo-PSNetAddress -Address $_ } | Sort-Object })
    return [ordered]@{ Addresses = $addresses; Sets = $sets; Kind = $(if ($sets.Count -gt 0) { 'NESTEDIPSET' } else { 'IPSET' }) }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
