# Layer-4 proxies of endpoints.
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
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Port,

        [Parameter()]
        [System.String]
        $Destination,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.Boolean]
        $OutboundNat = $false
    )

    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type 'PROXY')
    $state = @{
        Endpoint = $Endpoint
        Ensure = if ($present.Count -gt 0) { 'Present' } else { 'Absent' }
        Address = $null
        Port = $null
        Destination = $null
        Exceptions = @()
        OutboundNat = $false
    }
    if ($present.Count -gt 0)
    {
        $state.Address = Get-PSNetProperty -InputObject $present[0] -Name 'IP'
        $state.Port = "$(Get-PSNetProperty -InputObject $present[0] -Name 'Port')"
        $state.Destination = Get-PSNetProperty -InputObject $present[0] -Name 'Destination'
        $state.Exceptions = [System.String[]] @(Get-PSNetProperty -InputObject $present[0] -Name 'ExceptionList' | Where-Object -FilterScript { $null -ne $_ })
        $state.OutboundNat = [System.Boolean] (Get-PSNetProperty -InputObject $present[0] -Name 'OutboundNat')
    }
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpointProxy' -Bound $PSBoundParameters -Finds 'Endpoint' -Test ${function:Test-TargetResource})
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
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Port,

        [Parameter()]
        [System.String]
        $Destination,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.Boolean]
        $OutboundNat = $false
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'PROXY' -Policy $policies
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
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Port,

        [Parameter()]
        [System.String]
        $Destination,

        [Parameter()]
        [System.String[]]
        $Exceptions,

        [Parameter()]
        [System.Boolean]
        $OutboundNat = $false
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'PROXY' -Kind 'proxy' -Policy $policies
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
    Assert-PSNetParameter -Bound $Bound -Name 'Port'
    $policy = [ordered]@{ Type = 'PROXY'; Port = $Bound['Port'] }
    if (@($Bound.Keys) -contains 'Address')
    {
        $policy.IP = $Bound['Address']
    }
    if (@($Bound.Keys) -contains 'Destination')
    {
        $policy.Destination = $Bound['Destination']
    }
    if (@($Bound.Keys) -contains 'Exceptions')
    {
        $policy.ExceptionList = @($Bound['Exceptions'])
    }
    if ((@($Bound.Keys) -contains 'OutboundNat') -and $Bound['OutboundNat'])
    {
        $policy.OutboundNat = $true
    }
    Write-Output -InputObject $policy
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
