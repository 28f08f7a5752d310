# Outbound NAT of endpoints.
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
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

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
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'OutBoundNAT' -Policy $policies
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
        [System.String]
        $Vip,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.String[]]
        $Destinations
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'OutBoundNAT' -Kind 'outbound_nat' -Policy $policies -AllowDowntime $AllowDowntime
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
