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

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-RuleState -Name $Name -Property @($script:fields.Keys)
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetFirewallRule' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
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

function Get-Desired
{
    # The declared properties in the spelling that the cmdlets take and the comparison uses.
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

function ConvertTo-Canonical
{
    # The one spelling of a property's value.
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

function Get-Difference
{
    # The names of the declared properties that the host has otherwise.
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

function Get-RuleState
{
    # The properties of a rule: all of them come with one read of the policy.
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
