# Bandwidth limits of endpoints.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_EndpointQos'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        The limit of what an endpoint sends. Policies of other types on the endpoint stay as they are. An
        endpoint that PSNetEndpoint made is made again with them, since HNS is known to take them at creation
        only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER MaximumOutgoingBandwidth
        Bytes per second; needed when Ensure is Present.

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
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Endpoint)
    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type 'QOS')
    $state = @{
        Endpoint = $Endpoint
        Ensure = if ($present.Count -gt 0) { 'Present' } else { 'Absent' }
        MaximumOutgoingBandwidth = $null
    }
    if ($present.Count -gt 0)
    {
        $state.MaximumOutgoingBandwidth = Get-PSNetProperty -InputObject $present[0] -Name 'MaximumOutgoingBandwidthInBytes'
    }
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpointQos' -Bound $PSBoundParameters -Finds 'Endpoint' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        The limit of what an endpoint sends. Policies of other types on the endpoint stay as they are. An
        endpoint that PSNetEndpoint made is made again with them, since HNS is known to take them at creation
        only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER MaximumOutgoingBandwidth
        Bytes per second; needed when Ensure is Present.

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
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Testing -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'QOS' -Policy $policies
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        The limit of what an endpoint sends. Policies of other types on the endpoint stay as they are. An
        endpoint that PSNetEndpoint made is made again with them, since HNS is known to take them at creation
        only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER MaximumOutgoingBandwidth
        Bytes per second; needed when Ensure is Present.
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
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Setting -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'QOS' -Kind 'qos' -Policy $policies -AllowDowntime $AllowDowntime
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
    Assert-PSNetParameter -Bound $Bound -Name 'MaximumOutgoingBandwidth'
    [ordered]@{ Type = 'QOS'; MaximumOutgoingBandwidthInBytes = [System.UInt64] $Bound['MaximumOutgoingBandwidth'] }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
