# Routes of endpoints.
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
        [System.String[]]
        $Routes
    )

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
        [System.String[]]
        $Routes
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ROUTE' -Policy $policies
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
        [System.String[]]
        $Routes
    )

    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ROUTE' -Kind 'route' -Policy $policies -AllowDowntime $AllowDowntime
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
