# Access control lists of endpoints: ordered allow and block rules.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_EndpointAcl'

$script:names = @('Action', 'Direction', 'Protocols', 'LocalAddresses', 'RemoteAddresses', 'LocalPorts', 'RemotePorts', 'Priority', 'RuleType')

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        All ACL rules of one endpoint; rules that are not declared go. An endpoint with rules of a direction may
        drop what no rule allows.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Rules
        In order; rules that are not declared go; each is a text: Action=...; Protocols=...; LocalAddresses=...;
        RemoteAddresses=...; LocalPorts=...; RemotePorts=...; SourceSets=...; DestinationSets=...; Priority=...;
        Direction=...; RuleType=...; needed when Ensure is Present.

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
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Endpoint)
    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type 'ACL')
    $state = @{
        Endpoint = $Endpoint
        Ensure = if ($present.Count -gt 0) { 'Present' } else { 'Absent' }
        Rules = @()
    }
    $state.Rules = @(foreach ($policy in $present)
        {
            $pairs = [ordered]@{}
            foreach ($name in $script:names)
            {
                $pairs[$name] = Get-PSNetProperty -InputObject $policy -Name $name
                if (($null -eq $pairs[$name]) -and ($name -in @('Protocols', 'LocalPorts', 'RemotePorts')))
                {
                    $pairs[$name] = Get-PSNetProperty -InputObject $policy -Name $name.TrimEnd('s')
                }
            }
            ConvertTo-PSNetText -Pairs $pairs
        })
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpointAcl' -Bound $PSBoundParameters -Finds 'Endpoint' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        All ACL rules of one endpoint; rules that are not declared go. An endpoint with rules of a direction may
        drop what no rule allows.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Rules
        In order; rules that are not declared go; each is a text: Action=...; Protocols=...; LocalAddresses=...;
        RemoteAddresses=...; LocalPorts=...; RemotePorts=...; SourceSets=...; DestinationSets=...; Priority=...;
        Direction=...; RuleType=...; needed when Ensure is Present.

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
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Testing -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    return Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ACL' -Policy $policies
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        All ACL rules of one endpoint; rules that are not declared go. An endpoint with rules of a direction may
        drop what no rule allows.

    .PARAMETER Endpoint
        The endpoint by name, or the container by its id.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Rules
        In order; rules that are not declared go; each is a text: Action=...; Protocols=...; LocalAddresses=...;
        RemoteAddresses=...; LocalPorts=...; RemotePorts=...; SourceSets=...; DestinationSets=...; Priority=...;
        Direction=...; RuleType=...; needed when Ensure is Present.
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
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Setting -f $Endpoint)
    $policies = @(ConvertTo-Policy -Bound $PSBoundParameters -Ensure $Ensure)
    Update-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type 'ACL' -Kind 'acl' -Policy $policies
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
    Assert-PSNetParameter -Bound $Bound -Name 'Rules'
    $lists = Test-PSNetAclList
    foreach ($text in @($Bound['Rules']))
    {
        $policy = [ordered]@{ Type = 'ACL' }
        $rule = ConvertTo-PSNetAclRule -Text $text
        foreach ($name in @($rule.Keys))
        {
            $policy[$name] = $rule[$name]
        }
        if (-not $lists)
        {
            $policy = ConvertTo-PSNetNumericAcl -Policy $policy
        }
        Write-Output -InputObject $policy
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
