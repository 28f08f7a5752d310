# Rules of the Windows firewall; only what is declared is compared and set.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_FirewallRule'

# Property -> parameter of New-NetFirewallRule, and the name that what is read has.
$script:fields = [ordered]@{
    DisplayName = @('DisplayName', 'display_name')
    Description = @('Description', 'description')
    Enabled = @('Enabled', 'enabled')
    Profiles = @('Profile', 'profiles')
    Direction = @('Direction', 'direction')
    Action = @('Action', 'action')
    EdgeTraversal = @('EdgeTraversalPolicy', 'edge_traversal')
    Protocol = @('Protocol', 'protocol')
    LocalPorts = @('LocalPort', 'local_ports')
    RemotePorts = @('RemotePort', 'remote_ports')
    IcmpTypes = @('IcmpType', 'icmp_types')
    LocalAddresses = @('LocalAddress', 'local_addresses')
    RemoteAddresses = @('RemoteAddress', 'remote_addresses')
    Program = @('Program', 'program')
    Service = @('Service', 'service')
    InterfaceAliases = @('InterfaceAlias', 'interface_aliases')
    InterfaceType = @('InterfaceType', 'interface_type')
}

$script:lists = @('Profiles', 'LocalPorts', 'RemotePorts', 'IcmpTypes', 'LocalAddresses', 'RemoteAddresses', 'InterfaceAliases')

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A rule of the Windows firewall; only declared fields are compared and set. Only what is declared is
        compared and set. Spelling makes no difference: 10.0.0.0/255.0.0.0 is 10.0.0.0/8. Test asks for a filter
        of the rule only when a property of it is declared. New rules get the group psnet.

    .PARAMETER Name
        Unique in the policy store, like a file name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER DisplayName
        The name that is shown.

    .PARAMETER Description
        Description.

    .PARAMETER Enabled
        Whether the rule is in force.

    .PARAMETER Profiles
        Domain, Private, Public or Any.

    .PARAMETER Direction
        Which way the traffic goes.

    .PARAMETER Action
        What happens to it.

    .PARAMETER EdgeTraversal
        Whether traffic from behind a NAT is let in.

    .PARAMETER Protocol
        TCP, UDP, ICMPv4, ICMPv6, Any or a number.

    .PARAMETER LocalPorts
        Ports, ranges and words such as RPC.

    .PARAMETER RemotePorts
        Ports and ranges.

    .PARAMETER IcmpTypes
        ICMP types such as 8, or 3:4 with a code.

    .PARAMETER LocalAddresses
        Addresses, prefixes and ranges.

    .PARAMETER RemoteAddresses
        Addresses, prefixes, ranges and words such as LocalSubnet.

    .PARAMETER Program
        The path of a program.

    .PARAMETER Service
        The short name of a service.

    .PARAMETER InterfaceAliases
        Names of network adapters.

    .PARAMETER InterfaceType
        The kind of network adapter.

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
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $DisplayName,

        [Parameter()]
        [System.String]
        $Description,

        [Parameter()]
        [System.Boolean]
        $Enabled,

        [Parameter()]
        [ValidateSet('Any', 'Domain', 'Private', 'Public')]
        [System.String[]]
        $Profiles,

        [Parameter()]
        [ValidateSet('Inbound', 'Outbound')]
        [System.String]
        $Direction,

        [Parameter()]
        [ValidateSet('Allow', 'Block', 'NotConfigured')]
        [System.String]
        $Action,

        [Parameter()]
        [ValidateSet('Block', 'Allow', 'DeferToUser', 'DeferToApp')]
        [System.String]
        $EdgeTraversal,

        [Parameter()]
        [System.String]
        $Protocol,

        [Parameter()]
        [System.String[]]
        $LocalPorts,

        [Parameter()]
        [System.String[]]
        $RemotePorts,

        [Parameter()]
        [System.String[]]
        $IcmpTypes,

        [Parameter()]
        [System.String[]]
        $LocalAddresses,

        [Parameter()]
        [System.String[]]
        $RemoteAddresses,

        [Parameter()]
        [System.String]
        $Program,

        [Parameter()]
        [System.String]
        $Service,

        [Parameter()]
        [System.String[]]
        $InterfaceAliases,

        [Parameter()]
        [System.String]
        $InterfaceType
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-RuleState -Name $Name -Property @($script:fields.Keys)
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetFirewallRule' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A rule of the Windows firewall; only declared fields are compared and set. Only what is declared is
        compared and set. Spelling makes no difference: 10.0.0.0/255.0.0.0 is 10.0.0.0/8. Test asks for a filter
        of the rule only when a property of it is declared. New rules get the group psnet.

    .PARAMETER Name
        Unique in the policy store, like a file name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER DisplayName
        The name that is shown.

    .PARAMETER Description
        Description.

    .PARAMETER Enabled
        Whether the rule is in force.

    .PARAMETER Profiles
        Domain, Private, Public or Any.

    .PARAMETER Direction
        Which way the traffic goes.

    .PARAMETER Action
        What happens to it.

    .PARAMETER EdgeTraversal
        Whether traffic from behind a NAT is let in.

    .PARAMETER Protocol
        TCP, UDP, ICMPv4, ICMPv6, Any or a number.

    .PARAMETER LocalPorts
        Ports, ranges and words such as RPC.

    .PARAMETER RemotePorts
        Ports and ranges.

    .PARAMETER IcmpTypes
        ICMP types such as 8, or 3:4 with a code.

    .PARAMETER LocalAddresses
        Addresses, prefixes and ranges.

    .PARAMETER RemoteAddresses
        Addresses, prefixes, ranges and words such as LocalSubnet.

    .PARAMETER Program
        The path of a program.

    .PARAMETER Service
        The short name of a service.

    .PARAMETER InterfaceAliases
        Names of network adapters.

    .PARAMETER InterfaceType
        The kind of network adapter.

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
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $DisplayName,

        [Parameter()]
        [System.String]
        $Description,

        [Parameter()]
        [System.Boolean]
        $Enabled,

        [Parameter()]
        [ValidateSet('Any', 'Domain', 'Private', 'Public')]
        [System.String[]]
        $Profiles,

        [Parameter()]
        [ValidateSet('Inbound', 'Outbound')]
        [System.String]
        $Direction,

        [Parameter()]
        [ValidateSet('Allow', 'Block', 'NotConfigured')]
        [System.String]
        $Action,

        [Parameter()]
        [ValidateSet('Block', 'Allow', 'DeferToUser', 'DeferToApp')]
        [System.String]
        $EdgeTraversal,

        [Parameter()]
        [System.String]
        $Protocol,

        [Parameter()]
        [System.String[]]
        $LocalPorts,

        [Parameter()]
        [System.String[]]
        $RemotePorts,

        [Parameter()]
        [System.String[]]
        $IcmpTypes,

        [Parameter()]
        [System.String[]]
        $LocalAddresses,

        [Parameter()]
        [System.String[]]
        $RemoteAddresses,

        [Parameter()]
        [System.String]
        $Program,

        [Parameter()]
        [System.String]
        $Service,

        [Parameter()]
        [System.String[]]
        $InterfaceAliases,

        [Parameter()]
        [System.String]
        $InterfaceType
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $desired = Get-Desired -Bound $PSBoundParameters
    $state = Get-RuleState -Name $Name -Property @($desired.Keys)
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Desired $desired).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A rule of the Windows firewall; only declared fields are compared and set. Only what is declared is
        compared and set. Spelling makes no difference: 10.0.0.0/255.0.0.0 is 10.0.0.0/8. Test asks for a filter
        of the rule only when a property of it is declared. New rules get the group psnet.

    .PARAMETER Name
        Unique in the policy store, like a file name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER DisplayName
        The name that is shown.

    .PARAMETER Description
        Description.

    .PARAMETER Enabled
        Whether the rule is in force.

    .PARAMETER Profiles
        Domain, Private, Public or Any.

    .PARAMETER Direction
        Which way the traffic goes.

    .PARAMETER Action
        What happens to it.

    .PARAMETER EdgeTraversal
        Whether traffic from behind a NAT is let in.

    .PARAMETER Protocol
        TCP, UDP, ICMPv4, ICMPv6, Any or a number.

    .PARAMETER LocalPorts
        Ports, ranges and words such as RPC.

    .PARAMETER RemotePorts
        Ports and ranges.

    .PARAMETER IcmpTypes
        ICMP types such as 8, or 3:4 with a code.

    .PARAMETER LocalAddresses
        Addresses, prefixes and ranges.

    .PARAMETER RemoteAddresses
        Addresses, prefixes, ranges and words such as LocalSubnet.

    .PARAMETER Program
        The path of a program.

    .PARAMETER Service
        The short name of a service.

    .PARAMETER InterfaceAliases
        Names of network adapters.

    .PARAMETER InterfaceType
        The kind of network adapter.
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $DisplayName,

        [Parameter()]
        [System.String]
        $Description,

        [Parameter()]
        [System.Boolean]
        $Enabled,

        [Parameter()]
        [ValidateSet('Any', 'Domain', 'Private', 'Public')]
        [System.String[]]
        $Profiles,

        [Parameter()]
        [ValidateSet('Inbound', 'Outbound')]
        [System.String]
        $Direction,

        [Parameter()]
        [ValidateSet('Allow', 'Block', 'NotConfigured')]
        [System.String]
        $Action,

        [Parameter()]
        [ValidateSet('Block', 'Allow', 'DeferToUser', 'DeferToApp')]
        [System.String]
        $EdgeTraversal,

        [Parameter()]
        [System.String]
        $Protocol,

        [Parameter()]
        [System.String[]]
        $LocalPorts,

        [Parameter()]
        [System.String[]]
        $RemotePorts,

        [Parameter()]
        [System.String[]]
        $IcmpTypes,

        [Parameter()]
        [System.String[]]
        $LocalAddresses,

        [Parameter()]
        [System.String[]]
        $RemoteAddresses,

        [Parameter()]
        [System.String]
        $Program,

        [Parameter()]
        [System.String]
        $Service,

        [Parameter()]
        [System.String[]]
        $InterfaceAliases,

        [Parameter()]
        [System.String]
        $InterfaceType
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetFirewallRule $Name"
    try
    {
        $desired = Get-Desired -Bound $PSBoundParameters
        $state = Get-RuleState -Name $Name -Property @($desired.Keys)
        if ($Ensure -eq 'Absent')
        {
            if ($state.Ensure -eq 'Present')
            {
                Write-Verbose -Message ($script:strings.Removing -f $Name)
                Remove-NetFirewallRule -Name $Name
            }
            return
        }
        $parameters = @{ Name = $Name }
        if ($state.Ensure -eq 'Absent')
        {
            Write-Verbose -Message ($script:strings.Making -f $Name)
            $parameters.Group = 'psnet'
            $parameters.DisplayName = $Name
            foreach ($property in @($desired.Keys))
            {
                $parameters[$script:fields[$property][0]] = $desired[$property]
            }
            $null = New-NetFirewallRule @parameters
            return
        }
        $names = @(Get-Difference -State $state -Desired $desired)
        if ($names.Count -eq 0)
        {
            return
        }
        Write-Verbose -Message ($script:strings.Changing -f $Name, ($names -join ', '))
        foreach ($property in $names)
        {
            $parameter = if ($property -eq 'DisplayName') { 'NewDisplayName' } else { $script:fields[$property][0] }
            $parameters[$parameter] = $desired[$property]
        }
        # Windows takes ports and ICMP types along with their protocol alone.
        $needs = @(@('LocalPorts', 'RemotePorts', 'IcmpTypes') | Where-Object -FilterScript { $names -contains $_ })
        if (($needs.Count -gt 0) -and (@($desired.Keys) -contains 'Protocol'))
        {
            $parameters.Protocol = $desired['Protocol']
        }
        Set-NetFirewallRule @parameters
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The declared properties in the spelling that the cmdlets take and the comparison uses.

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

    $desired = [ordered]@{}
    foreach ($property in @($script:fields.Keys))
    {
        if (@($Bound.Keys) -contains $property)
        {
            $desired[$property] = ConvertTo-Canonical -Property $property -Value $Bound[$property]
        }
    }
    return $desired
}

<#
    .SYNOPSIS
        The one spelling of a property's value.

    .PARAMETER Property
        The name of the property.

    .PARAMETER Value
        The value, as it is declared or as Windows has it.
#>
function ConvertTo-Canonical
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Property,

        [Parameter()]
        [AllowNull()]
        [System.Object]
        $Value
    )

    switch -Regex ($Property)
    {
        '^Enabled$'
        {
            return [System.String] $Value
        }
        '^Protocol$'
        {
            return ConvertTo-PSNetProtocol -Protocol $Value
        }
        'Ports$'
        {
            return @(ConvertTo-PSNetPortSet -Port @($Value))
        }
        'Addresses$'
        {
            return @(ConvertTo-PSNetAddressSet -Address @($Value))
        }
        '^Profiles$'
        {
            return @(ConvertTo-PSNetProfileSet -Words @($Value))
        }
        '^(IcmpTypes|InterfaceAliases)$'
        {
            return @($Value | ForEach-Object -Process { [System.String] $_ } | Sort-Object)
        }
        default
        {
            return $Value
        }
    }
}

<#
    .SYNOPSIS
        The names of the declared properties that the host has otherwise.

    .PARAMETER State
        The properties of the thing as the host has it.

    .PARAMETER Desired
        The declared values by property.
#>
function Get-Difference
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $State,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Desired
    )

    Compare-PSNetState -Current $State -Desired $Desired -IgnoreCase 'Direction', 'Action', 'EdgeTraversal', 'InterfaceType'
}

<#
    .SYNOPSIS
        The properties of a rule: all of them come with one read of the policy.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Property
        The name of the property.
#>
function Get-RuleState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Property
    )

    $state = @{ Name = $Name; Ensure = 'Absent' }
    foreach ($item in @($script:fields.Keys))
    {
        $state[$item] = $null
    }
    $rule = Get-PSNetFirewallRule -Name $Name | Select-Object -First 1
    if ($null -eq $rule)
    {
        return $state
    }
    $state.Ensure = 'Present'
    foreach ($item in $Property)
    {
        $found = $rule[$script:fields[$item][1]]
        if ([System.String]::IsNullOrEmpty([System.String] $found) -and (@('Program', 'Service', 'InterfaceType') -contains $item))
        {
            $found = 'Any'
        }
        $state[$item] = if ($null -eq $found) { $null } else { ConvertTo-Canonical -Property $item -Value $found }
        if ($script:lists -contains $item)
        {
            $state[$item] = [System.String[]] @($state[$item] | Where-Object -FilterScript { $null -ne $_ })
        }
    }
    foreach ($item in @('Direction', 'Action', 'EdgeTraversal', 'InterfaceType'))
    {
        $state[$item] = if ($null -eq $state[$item]) { $null } else { [System.String] $state[$item] }
    }
    if ($Property -contains 'Enabled')
    {
        $state.Enabled = $state.Enabled -eq 'True'
    }
    return $state
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
