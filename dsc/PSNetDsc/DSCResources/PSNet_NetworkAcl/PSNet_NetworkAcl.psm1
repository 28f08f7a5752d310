# Access control lists of whole networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_NetworkAcl'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        All ACL rules of one network; rules that are not declared go. Through the Host Compute Network (HNS 15).
        No public client sends it but hcsshim's tests: what HNS does with it beside the rules of endpoints is a
        guess.

    .PARAMETER Network
        The container network that it belongs to.

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
        $Network,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Network)
    $state = Get-State -Bound $PSBoundParameters
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetNetworkAcl' -Bound $PSBoundParameters -Finds 'Network' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        All ACL rules of one network; rules that are not declared go. Through the Host Compute Network (HNS 15).
        No public client sends it but hcsshim's tests: what HNS does with it beside the rules of endpoints is a
        guess.

    .PARAMETER Network
        The container network that it belongs to.

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
        $Network,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Network)
    $state = Get-State -Bound $PSBoundParameters
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Network, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Compare-PSNetState -Current $state -Desired (Get-Desired -Bound $PSBoundParameters)).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        All ACL rules of one network; rules that are not declared go. Through the Host Compute Network (HNS 15).
        No public client sends it but hcsshim's tests: what HNS does with it beside the rules of endpoints is a
        guess.

    .PARAMETER Network
        The container network that it belongs to.

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
        $Network,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String[]]
        $Rules
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetNetworkAcl $($Network)"
    try
    {
        $state = Get-State -Bound $PSBoundParameters
        if ($Ensure -eq 'Absent')
        {
            if ($state.Ensure -eq 'Present')
            {
                Write-Verbose -Message ($script:strings.Removing -f $Network)
                Set-PSNetNetworkPolicy -Network $Network -Type 'NetworkACL' -Policy @()
            }
            Set-PSNetLedgerEntry -Key "network_acl/$Network" -Entry $null
            return
        }
        $desired = Get-Desired -Bound $PSBoundParameters
        if (($state.Ensure -eq 'Present') -and (@(Compare-PSNetState -Current $state -Desired $desired).Count -eq 0))
        {
            return
        }
        Write-Verbose -Message ($script:strings.Making -f $Network)
        Set-PSNetNetworkPolicy -Network $Network -Type 'NetworkACL' -Policy @($Rules | ForEach-Object -Process { [ordered]@{ Type = 'NetworkACL'; Settings = ConvertTo-PSNetAclRule -Text $_ } })
        Set-PSNetLedgerEntry -Key "network_acl/$Network" -Entry ([ordered]@{ network = $Network })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The rules that the network has, each in one spelling.

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

    $found = @(Get-PSNetNetworkPolicy -Network $Bound['Network'] -Type 'NetworkACL')
    return @{
        Network = $Bound['Network']
        Ensure = $(if ($found.Count -gt 0) { 'Present' } else { 'Absent' })
        Rules = [System.String[]] @($found | ForEach-Object -Process { ConvertTo-PSNetPolicyText -Policy $_ })
    }
}

<#
    .SYNOPSIS
        The declared rules, each in one spelling.

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

    Assert-PSNetParameter -Bound $Bound -Name 'Rules'
    return [ordered]@{ Rules = [System.String[]] @($Bound['Rules'] | ForEach-Object -Process { ConvertTo-PSNetPolicyText -Policy (ConvertTo-PSNetAclRule -Text $_) }) }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
