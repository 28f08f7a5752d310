# Bandwidth limits of endpoints.
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
        $Endpoint,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

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
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'QOS' -Policy $policies
}

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
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [System.UInt64]
        $MaximumOutgoingBandwidth
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'QOS' -Kind 'qos' -Policy $policies -AllowDowntime $AllowDowntime
}

function ConvertTo-Policy
{
    # The policies that are declared, as HNS v1 writes them.
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
