# Routes of endpoints.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_EndpointRoute'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        All routes of one endpoint; routes that are not declared go. Policies of other types on the endpoint
        stay as they are. An endpoint that PSNetEndpoint made is made again with them, since HNS is known to
        take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Routes
        Routes that are not declared go; each is a text: Destination=...; NextHop=...; Encapsulate=...; needed
        when Ensure is Present.

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
        [System.String[]]
        $Routes
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Endpoint)
    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type 'ROUTE')
    $state = @{
        Endpoint = $Endpoint
        Ensure = if ($present.Count -gt 0) { 'Present' } else { 'Absent' }
        Routes = @()
    }
    $state.Routes = @(foreach ($policy in $present)
        {
            ConvertTo-PSNetText -Pairs ([ordered]@{
                    Destination = Get-PSNetProperty -InputObject $policy -Name 'DestinationPrefix'
                    NextHop = Get-PSNetProperty -InputObject $policy -Name 'NextHop'
                    Encapsulate = if (Get-PSNetProperty -InputObject $policy -Name 'NeedEncap') { 'True' } else { $null }
                })
        })
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpointRoute' -Bound $PSBoundParameters -Finds 'Endpoint' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        All routes of one endpoint; routes that are not declared go. Policies of other types on the endpoint
        stay as they are. An endpoint that PSNetEndpoint made is made again with them, since HNS is known to
        take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Routes
        Routes that are not declared go; each is a text: Destination=...; NextHop=...; Encapsulate=...; needed
        when Ensure is Present.

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
        [System.String[]]
        $Routes
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Testing -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ROUTE' -Policy $policies
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        All routes of one endpoint; routes that are not declared go. Policies of other types on the endpoint
        stay as they are. An endpoint that PSNetEndpoint made is made again with them, since HNS is known to
        take them at creation only.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Routes
        Routes that are not declared go; each is a text: Destination=...; NextHop=...; Encapsulate=...; needed
        when Ensure is Present.
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
        [System.String[]]
        $Routes
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Setting -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ROUTE' -Kind 'route' -Policy $policies -AllowDowntime $AllowDowntime
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
    Assert-PSNetParameter -Bound $Bound -Name 'Routes'
    foreach ($text in @($Bound['Routes']))
    {
        $route = ConvertFrom-PSNetText -Text $text -Name 'Destination', 'NextHop', 'Encapsulate'
        Assert-PSNetParameter -Bound $route -Name 'Destination'
        $policy = [ordered]@{ Type = 'ROUTE'; DestinationPrefix = $route['Destination'] }
        if (@($route.Keys) -contains 'NextHop')
        {
            $policy.NextHop = $route['NextHop']
        }
        if ((@($route.Keys) -contains 'Encapsulate') -and ($route['Encapsulate'] -eq 'True'))
        {
            $policy.NeedEncap = $true
        }
        Write-Output -InputObject $policy
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
