# Rules of access control lists, and the policies of networks, which the Host Compute Network alone has.

$script:ruleNames = @('Action', 'Protocols', 'LocalAddresses', 'RemoteAddresses', 'LocalPorts', 'RemotePorts', 'SourceSets', 'DestinationSets', 'Priority', 'Direction', 'RuleType')

<#
    .SYNOPSIS
        The fields of a rule from its text, as HNS writes them; sets stand where addresses do, by their ids.

    .PARAMETER Text
        The text of one rule.
#>
function ConvertTo-PSNetAclRule
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Text
    )

    $rule = ConvertFrom-PSNetText -Text $Text -Name $script:ruleNames
    Assert-PSNetParameter -Bound $rule -Name 'Action', 'Direction'
    $made = [ordered]@{ Action = $rule['Action']; Direction = $rule['Direction'] }
    foreach ($name in @('Protocols', 'LocalAddresses', 'RemoteAddresses', 'LocalPorts', 'RemotePorts'))
    {
        $sets = @{ LocalAddresses = 'SourceSets'; RemoteAddresses = 'DestinationSets' }[$name]
        $words = @(if (@($rule.Keys) -contains $name) { $rule[$name].Split(',') | ForEach-Object -Process { $_.Trim() } })
        if (($null -ne $sets) -and (@($rule.Keys) -contains $sets))
        {
            # Local is the source in both directions (Azure NPM: policy_windows.go).
            $made[$name] = @($rule[$sets].Split(',') | ForEach-Object -Process { "psnet-$($_.Trim())" }) -join ','
        }
        elseif (($words.Count -gt 0) -and ($words -notcontains 'Any'))
        {
            $made[$name] = @(ConvertTo-PSNetAclWord -Name $name -Word $words) -join ','
        }
    }
    $made.RuleType = if (@($rule.Keys) -contains 'RuleType') { $rule['RuleType'] } else { 'Switch' }
    $made.Priority = if (@($rule.Keys) -contains 'Priority') { [System.Int32] $rule['Priority'] } else { 100 }
    return $made
}

<#
    .SYNOPSIS
        Protocols, addresses and ports as HNS writes them: protocols by number.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Word
        The value of a rule's field.
#>
function ConvertTo-PSNetAclWord
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Word
    )

    if ($Name -like '*Ports')
    {
        return ConvertTo-PSNetPortSet -Port $Word
    }
    if ($Name -like '*Addresses')
    {
        return $Word | ForEach-Object -Process { ConvertTo-PSNetAddress -Address $_ }
    }
    $numbers = @{ ICMPv4 = '1'; TCP = '6'; UDP = '17'; ICMPv6 = '58' }
    foreach ($item in $Word)
    {
        $protocol = ConvertTo-PSNetProtocol -Protocol $item
        if ($numbers.ContainsKey($protocol))
        {
            $numbers[$protocol]
        }
        else
        {
            $protocol
        }
    }
}

<#
    .SYNOPSIS
        The settings of a network's policies of one type, in their order; nothing where the network or HCN is
        missing.

    .PARAMETER Network
        The network, by its name or as HNS has it.

    .PARAMETER Type
        The type of the policies, such as QOS.
#>
function Get-PSNetNetworkPolicy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Network,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type
    )

    $there = Find-PSNetNetwork -Name $Network
    if (($null -eq $there) -or (-not (Test-PSNetHcn)))
    {
        return
    }
    Get-PSNetHcnPolicy -Kind Network -Id $there.ID | Where-Object -FilterScript { $_.Type -eq $Type } | ForEach-Object -Process { $_.Settings }
}

<#
    .SYNOPSIS
        Adds policies to a network, takes some away first; HCN's answer is read back.

    .PARAMETER Network
        The network, by its name or as HNS has it.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Policy
        Policies, as HNS has them.

    .PARAMETER Field
        The field of the settings by which those that go first are told.

    .PARAMETER Value
        What that field holds.

    .PARAMETER InPlace
        Changes the policy that is there, which HNS knows by its id.
#>
function Set-PSNetNetworkPolicy
{
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'The resource that calls it does what the LCM asks for.')]
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Network,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy,

        [Parameter()]
        [System.String]
        $Field = '',

        [Parameter()]
        [System.String]
        $Value = '',

        [Parameter()]
        [System.Management.Automation.SwitchParameter]
        $InPlace
    )

    if (-not (Test-PSNetHcn))
    {
        Write-Error -Message ($script:strings.NetworkPolicyNeedsHcn -f $Type) -ErrorId 'PSNet.NoBackend' -Category NotInstalled -TargetObject $Network
    }
    $id = Get-PSNetNetworkId -Name $Network
    $request = if ($InPlace) { 'Update' } else { 'Add' }
    if (-not $InPlace)
    {
        $gone = @(Get-PSNetHcnPolicy -Kind Network -Id $id | Where-Object -FilterScript { ($_.Type -eq $Type) -and (($Field -eq '') -or ((Get-PSNetProperty -InputObject $_.Settings -Name $Field) -eq $Value)) })
        Set-PSNetHcnPolicy -Kind Network -Id $id -Request Remove -Policies $gone
    }
    if ($Policy.Count -gt 0)
    {
        Set-PSNetHcnPolicy -Kind Network -Id $id -Request $request -Policies $Policy
    }
}
