# Outbound NAT of endpoints.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_EndpointOutboundNat'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        What an endpoint sends leaves under the host's address, except to some destinations. Policies of other
        types on the endpoint stay as they are. An endpoint that PSNetEndpoint made is made again with them,
        since HNS is known to take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Vip
        The address that it leaves under; the host's when left out.

    .PARAMETER Exceptions
        Destinations that see the endpoint's own address.

    .PARAMETER Destinations
        Only what goes there; everything when left out.

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
        $Endpoint,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Endpoint)
    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type 'OutBoundNAT')
    $state = @{
        Endpoint = $Endpoint
        Ensure = if ($present.Count -gt 0) { 'Present' } else { 'Absent' }
        Vip = $null
        Exceptions = @()
        Destinations = @()
    }
    if ($present.Count -gt 0)
    {
        $state.Vip = Get-PSNetProperty -InputObject $present[0] -Name 'VIP'
        $state.Exceptions = [System.String[]] @(Get-PSNetProperty -InputObject $present[0] -Name 'ExceptionList' | Where-Object -FilterScript { $null -ne $_ })
        $state.Destinations = [System.String[]] @(Get-PSNetProperty -InputObject $present[0] -Name 'Destinations' | Where-Object -FilterScript { $null -ne $_ })
    }
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpointOutboundNat' -Bound $PSBoundParameters -Finds 'Endpoint' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        What an endpoint sends leaves under the host's address, except to some destinations. Policies of other
        types on the endpoint stay as they are. An endpoint that PSNetEndpoint made is made again with them,
        since HNS is known to take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Vip
        The address that it leaves under; the host's when left out.

    .PARAMETER Exceptions
        Destinations that see the endpoint's own address.

    .PARAMETER Destinations
        Only what goes there; everything when left out.

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
        $Endpoint,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Testing -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'OutBoundNAT' -Policy $policies
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        What an endpoint sends leaves under the host's address, except to some destinations. Policies of other
        types on the endpoint stay as they are. An endpoint that PSNetEndpoint made is made again with them,
        since HNS is known to take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Vip
        The address that it leaves under; the host's when left out.

    .PARAMETER Exceptions
        Destinations that see the endpoint's own address.

    .PARAMETER Destinations
        Only what goes there; everything when left out.
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Endpoint,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Setting -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'OutBoundNAT' -Kind 'outbound_nat' -Policy $policies -AllowDowntime $AllowDowntime
}

<#
    .SYNOPSIS
        The policies that are declared, as HNS v1 writes them.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Ensure
        Present or Absent, as it is declared.
#>
function ConvertTo-Policy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Ensure
    )

    if ($Ensure -eq 'Absent')
    {
        return
    }
    $policy = [ordered]@{ Type = 'OutBoundNAT' }
    if (@($Bound.Keys) -contains 'Vip')
    {
        $policy.VIP = $Bound['Vip']
    }
    if (@($Bound.Keys) -contains 'Exceptions')
    {
        $policy.ExceptionList = @($Bound['Exceptions'])
    }
    if (@($Bound.Keys) -contains 'Destinations')
    {
        $policy.Destinations = @($Bound['Destinations'])
    }
    Write-Output -InputObject $policy
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
