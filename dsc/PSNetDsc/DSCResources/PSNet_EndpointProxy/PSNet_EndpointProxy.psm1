# Layer-4 proxies of endpoints.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_EndpointProxy'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A layer-4 proxy that takes what an endpoint sends. Policies of other types on the endpoint stay as they
        are.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Address
        The proxy's address; the endpoint's own when left out.

    .PARAMETER Port
        The port that the proxy listens on; needed when Ensure is Present.

    .PARAMETER Destination
        Only what goes there; everything when left out.

    .PARAMETER Exceptions
        Destinations that do not go through the proxy.

    .PARAMETER OutboundNat
        Whether what leaves the proxy gets the host's address.

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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Endpoint)
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

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A layer-4 proxy that takes what an endpoint sends. Policies of other types on the endpoint stay as they
        are.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Address
        The proxy's address; the endpoint's own when left out.

    .PARAMETER Port
        The port that the proxy listens on; needed when Ensure is Present.

    .PARAMETER Destination
        Only what goes there; everything when left out.

    .PARAMETER Exceptions
        Destinations that do not go through the proxy.

    .PARAMETER OutboundNat
        Whether what leaves the proxy gets the host's address.

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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Testing -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'PROXY' -Policy $policies
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A layer-4 proxy that takes what an endpoint sends. Policies of other types on the endpoint stay as they
        are.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Address
        The proxy's address; the endpoint's own when left out.

    .PARAMETER Port
        The port that the proxy listens on; needed when Ensure is Present.

    .PARAMETER Destination
        Only what goes there; everything when left out.

    .PARAMETER Exceptions
        Destinations that do not go through the proxy.

    .PARAMETER OutboundNat
        Whether what leaves the proxy gets the host's address.
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

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Setting -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'PROXY' -Kind 'proxy' -Policy $policies
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
