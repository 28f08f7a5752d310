# Rules of the Windows firewall; only what is declared is compared and set.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_FirewallRule'

# Property -> parameter of New-NetFirewallRule, and the filter that holds it ('' for the rule itself).
$script:fields = [ordered]@{
    DisplayName = @('DisplayName', '')
    Description = @('Description', '')
    Enabled = @('Enabled', '')
    Profiles = @('Profile', '')
    Direction = @('Direction', '')
    Action = @('Action', '')
    EdgeTraversal = @('EdgeTraversalPolicy', '')
    Protocol = @('Protocol', 'Port')
    LocalPorts = @('LocalPort', 'Port')
    RemotePorts = @('RemotePort', 'Port')
    IcmpTypes = @('IcmpType', 'Port')
    LocalAddresses = @('LocalAddress', 'Address')
    RemoteAddresses = @('RemoteAddress', 'Address')
    Program = @('Program', 'Application')
    Service = @('Service', 'Service')
    InterfaceAliases = @('InterfaceAlias', 'Interface')
    InterfaceType = @('InterfaceType', 'InterfaceType')
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
        $Name
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    return Get-RuleState -Name $Name -Property @($script:fields.Keys)
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
        Write-Verbose -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
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
    # The properties of a rule: one query for it, and one for each filter that holds a property asked for.
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
    $rule = Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $rule)
    {
        return $state
    }
    $state.Ensure = 'Present'
    $filters = @{ '' = $rule }
    foreach ($item in $Property)
    {
        $kind = $script:fields[$item][1]
        if (-not $filters.ContainsKey($kind))
        {
            $filters[$kind] = Get-Filter -Kind $kind -Rule $rule
        }
        $found = Get-PSNetProperty -InputObject $filters[$kind] -Name $script:fields[$item][0]
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

function Get-Filter
{
    # The filter of one kind that belongs to a rule.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Kind,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Rule
    )

    switch ($Kind)
    {
        'Port' { Get-NetFirewallPortFilter -AssociatedNetFirewallRule $Rule }
        'Address' { Get-NetFirewallAddressFilter -AssociatedNetFirewallRule $Rule }
        'Application' { Get-NetFirewallApplicationFilter -AssociatedNetFirewallRule $Rule }
        'Service' { Get-NetFirewallServiceFilter -AssociatedNetFirewallRule $Rule }
        'Interface' { Get-NetFirewallInterfaceFilter -AssociatedNetFirewallRule $Rule }
        default { Get-NetFirewallInterfaceTypeFilter -AssociatedNetFirewallRule $Rule }
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
