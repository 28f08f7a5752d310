# Ports of the host that lead to an address, one a port; which way they take is chosen by the host.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_NatStaticMapping'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        Ports of the host that lead to an address on a network; the plan says which way they take on a host. The
        host chooses the way: a static mapping of a NAT that Get-NetNat lists, else the create document of the
        PSNetEndpoint with that address, which is made again with the port; Via asks for an HNS load balancer or
        portproxy. What only a container's runtime publishes is compared: Test is false and Set fails with the
        command that does it. What the same name stood for before is known from the ledger, so that a port that
        is declared otherwise takes the old one away. The firewall is not opened: declare a PSNetFirewallRule,
        as psnet dsc compile does.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalAddress
        The host's address that it listens on; 0.0.0.0 is every one.

    .PARAMETER ExternalPort
        A port or a range such as 8000-8010.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it leads into, or the NAT of nats; needed when Ensure is Present.

    .PARAMETER InternalAddress
        The container's address; needed when Ensure is Present.

    .PARAMETER InternalPort
        As many ports as outside; the same ones when left out.

    .PARAMETER Via
        The way to ask for, else the host decides: netnat (a static mapping of a NAT), endpoint (in the create
        document of the endpoint with that address), runtime (published by what makes the container),
        load_balancer (HNS, l2bridge), portproxy (netsh, TCP).

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
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalAddress,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [System.String]
        $InternalPort,

        [Parameter()]
        [ValidateSet('netnat', 'endpoint', 'runtime', 'load_balancer', 'portproxy')]
        [System.String]
        $Via
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $spec = Get-Spec -Bound $PSBoundParameters
    $found = Find-Mapping -Name $Name -Spec $spec -Everywhere
    $first = @($found.Mine) | Sort-Object -Property 'ExternalPort' | Select-Object -First 1
    $state = @{
        Protocol = $spec.Protocol
        ExternalAddress = $ExternalAddress
        ExternalPort = $ExternalPort
        Name = $Name
        Ensure = if ($null -eq $first) { 'Absent' } else { 'Present' }
        Network = $null
        InternalAddress = $null
        InternalPort = $null
        Via = $null
        AllowDowntime = $AllowDowntime
        Reasons = @(Get-PSNetReason -Resource 'PSNetNatStaticMapping' -Bound $PSBoundParameters -Finds 'Protocol', 'ExternalAddress', 'ExternalPort', 'Name' -Test ${function:Test-TargetResource})
    }
    if ($null -ne $first)
    {
        $ports = @($found.Mine | ForEach-Object -Process { [System.String] $_.InternalPort })
        $state.InternalAddress = $first.InternalIPAddress
        $state.InternalPort = @(ConvertTo-PSNetPortSet -Port $ports) -join ','
        $state.Via = $first.Way
        $state.Network = Get-PSNetProperty -InputObject (Get-PSNetProperty -InputObject ([PSCustomObject] (Get-PSNetLedger)) -Name "nat_static_mapping/$Name") -Name 'network'
    }
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        Ports of the host that lead to an address on a network; the plan says which way they take on a host. The
        host chooses the way: a static mapping of a NAT that Get-NetNat lists, else the create document of the
        PSNetEndpoint with that address, which is made again with the port; Via asks for an HNS load balancer or
        portproxy. What only a container's runtime publishes is compared: Test is false and Set fails with the
        command that does it. What the same name stood for before is known from the ledger, so that a port that
        is declared otherwise takes the old one away. The firewall is not opened: declare a PSNetFirewallRule,
        as psnet dsc compile does.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalAddress
        The host's address that it listens on; 0.0.0.0 is every one.

    .PARAMETER ExternalPort
        A port or a range such as 8000-8010.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it leads into, or the NAT of nats; needed when Ensure is Present.

    .PARAMETER InternalAddress
        The container's address; needed when Ensure is Present.

    .PARAMETER InternalPort
        As many ports as outside; the same ones when left out.

    .PARAMETER Via
        The way to ask for, else the host decides: netnat (a static mapping of a NAT), endpoint (in the create
        document of the endpoint with that address), runtime (published by what makes the container),
        load_balancer (HNS, l2bridge), portproxy (netsh, TCP).

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
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalAddress,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [System.String]
        $InternalPort,

        [Parameter()]
        [ValidateSet('netnat', 'endpoint', 'runtime', 'load_balancer', 'portproxy')]
        [System.String]
        $Via
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $spec = Get-Spec -Bound $PSBoundParameters
    $found = Find-Mapping -Name $Name -Spec $spec -Everywhere:($Ensure -eq 'Absent')
    if (($Ensure -eq 'Present') -and ($found.Lead.Way -eq 'runtime'))
    {
        if (@($found.Missing).Count -gt 0)
        {
            Write-PSNetDifference -Message (Get-Unpublished -Found $found -Spec $spec -Network $Network) -Code 'NotPublished'
            return $false
        }
        return $true
    }
    if (($Ensure -eq 'Present') -and ($null -eq $found.Lead.Way))
    {
        Write-PSNetDifference -Message $found.Lead.Reason -Code 'NoWay'
        return $false
    }
    $there = if (@($found.Mine).Count -gt 0) { 'Present' } else { 'Absent' }
    if ($there -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $there, $Ensure)
        return $false
    }
    if (($Ensure -eq 'Present') -and ((@($found.Stale).Count -gt 0) -or (@($found.Missing).Count -gt 0)))
    {
        Write-PSNetDifference -Message ($script:strings.Differs -f @($found.Stale).Count, @($found.Missing).Count) -Code 'ExternalPort'
        return $false
    }
    return $true
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        Ports of the host that lead to an address on a network; the plan says which way they take on a host. The
        host chooses the way: a static mapping of a NAT that Get-NetNat lists, else the create document of the
        PSNetEndpoint with that address, which is made again with the port; Via asks for an HNS load balancer or
        portproxy. What only a container's runtime publishes is compared: Test is false and Set fails with the
        command that does it. What the same name stood for before is known from the ledger, so that a port that
        is declared otherwise takes the old one away. The firewall is not opened: declare a PSNetFirewallRule,
        as psnet dsc compile does.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalAddress
        The host's address that it listens on; 0.0.0.0 is every one.

    .PARAMETER ExternalPort
        A port or a range such as 8000-8010.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it leads into, or the NAT of nats; needed when Ensure is Present.

    .PARAMETER InternalAddress
        The container's address; needed when Ensure is Present.

    .PARAMETER InternalPort
        As many ports as outside; the same ones when left out.

    .PARAMETER Via
        The way to ask for, else the host decides: netnat (a static mapping of a NAT), endpoint (in the create
        document of the endpoint with that address), runtime (published by what makes the container),
        load_balancer (HNS, l2bridge), portproxy (netsh, TCP).
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalAddress,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [System.String]
        $InternalPort,

        [Parameter()]
        [ValidateSet('netnat', 'endpoint', 'runtime', 'load_balancer', 'portproxy')]
        [System.String]
        $Via
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetNatStaticMapping $Name"
    try
    {
        $null = Protect-PSNetFolder
        $spec = Get-Spec -Bound $PSBoundParameters
        $found = Find-Mapping -Name $Name -Spec $spec -Everywhere:($Ensure -eq 'Absent')
        if ($Ensure -eq 'Absent')
        {
            Write-Verbose -Message ($script:strings.Removing -f $Name)
            foreach ($group in @($found.Mine | Group-Object -Property 'EndpointId'))
            {
                Remove-PSNetLead -Lead @($group.Group) -Endpoint $group.Group[0].Endpoint -AllowDowntime $AllowDowntime
            }
            Set-PSNetLedgerEntry -Key "nat_static_mapping/$Name" -Entry $null
            return
        }
        Assert-PSNetParameter -Bound $PSBoundParameters -Name 'Network', 'InternalAddress'
        if ($found.Lead.Way -eq 'runtime')
        {
            if (@($found.Missing).Count -gt 0)
            {
                # A port is published when a container is made, by what makes it: that is not done here, and not claimed.
                Write-Error -Message (Get-Unpublished -Found $found -Spec $spec -Network $Network) -ErrorId 'PSNet.PortNotPublished' -Category NotImplemented -TargetObject $Name
            }
            return
        }
        if ($null -eq $found.Lead.Way)
        {
            Write-Error -Message $found.Lead.Reason -ErrorId 'PSNet.NoWay' -Category ObjectNotFound -TargetObject $Network
        }
        if ((@($found.Stale).Count -eq 0) -and (@($found.Missing).Count -eq 0))
        {
            return
        }
        # What goes from the endpoint that gets the ports goes with the same making anew.
        $own = "$(Get-PSNetProperty -InputObject $found.Lead.Endpoint -Name 'ID')"
        $along = @($found.Stale | Where-Object -FilterScript { ($found.Lead.Way -eq 'endpoint') -and ($_.EndpointId -eq $own) })
        $apart = @($found.Stale | Where-Object -FilterScript { ($found.Lead.Way -ne 'endpoint') -or ($_.EndpointId -ne $own) })
        foreach ($group in @($apart | Group-Object -Property 'EndpointId'))
        {
            Write-Verbose -Message ($script:strings.Removing -f $Name)
            Remove-PSNetLead -Lead @($group.Group) -Endpoint $group.Group[0].Endpoint -AllowDowntime $AllowDowntime
        }
        Write-Verbose -Message ($script:strings.Adding -f $spec.Protocol, $spec.ExternalAddress, $ExternalPort, $spec.InternalAddress, $spec.InternalPort)
        Add-PSNetLead -Found $found.Lead -Spec $spec -Offset @($found.Missing) -Gone $along -AllowDowntime $AllowDowntime
        $entry = [ordered]@{
            network = $Network
            protocol = $spec.Protocol
            external_address = $spec.ExternalAddress
            external_port = ConvertTo-PlainPort -Port $ExternalPort
            internal_address = $spec.InternalAddress
            internal_port = ConvertTo-PlainPort -Port $spec.InternalPort
        }
        if ($found.Lead.Way -ne 'netnat')
        {
            $entry['via'] = $found.Lead.Way
        }
        Set-PSNetLedgerEntry -Key "nat_static_mapping/$Name" -Entry $entry
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        What is declared: protocol, addresses, first and last ports; inside the same ports unless others are
        declared.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Get-Spec
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    $outer = @($Bound['ExternalPort'].Split('-') | ForEach-Object -Process { [System.Int32] $_.Trim() })
    $said = @{}
    foreach ($name in @('Network', 'InternalAddress', 'InternalPort', 'Via'))
    {
        $said[$name] = if (@($Bound.Keys) -contains $name) { [System.String] $Bound[$name] } else { '' }
    }
    $inside = if ([System.String]::IsNullOrEmpty($said['InternalPort'])) { $Bound['ExternalPort'] } else { $said['InternalPort'] }
    return @{
        Protocol = ConvertTo-PSNetProtocol -Protocol $Bound['Protocol']
        ExternalAddress = $Bound['ExternalAddress']
        First = $outer[0]
        Last = $outer[-1]
        Network = $said['Network']
        Via = $said['Via']
        InternalAddress = $said['InternalAddress']
        InternalPort = $inside
        Inner = [System.Int32] $inside.Split('-')[0].Trim()
    }
}

<#
    .SYNOPSIS
        Lead: the way that the ports take. Mine: what stands on the declared ports, and what the ledger
        remembers under this name; of it Stale: what leads elsewhere than declared. Missing: offsets of the
        declared ports that are not led in.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Spec
        The declared mapping in plain values.

    .PARAMETER Everywhere
        Looks at every way, not at the chosen one alone.
#>
function Find-Mapping
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Spec,

        [Parameter()]
        [System.Management.Automation.SwitchParameter]
        $Everywhere
    )

    $old = Get-Remembered -Name $Name
    $lead = if ([System.String]::IsNullOrEmpty($Spec.Network)) { @{ Way = $null; Endpoint = $null; Reason = $script:strings.NoNetworkGiven } } else { Resolve-PSNetPortWay -Network $Spec.Network -InternalAddress $Spec.InternalAddress -Via $Spec.Via }
    if (($lead.Way -eq 'endpoint') -and ($Spec.ExternalAddress -ne '0.0.0.0') -and (-not (Test-PSNetHcnEndpoint -Name $lead.Endpoint.Name)))
    {
        $lead.Way = $null
        $lead.Reason = $script:strings.EveryAddress -f $Spec.ExternalAddress
    }
    $ways = @(@($lead.Way) + $(if ($null -ne $old) { $old.Way }) + $(if ($Everywhere) { 'netnat', 'portproxy' }) | Where-Object -FilterScript { $null -ne $_ } | Select-Object -Unique)
    $mine = @()
    $stale = @()
    $right = @()
    foreach ($item in @(Get-Lead -Way $ways -Spec $Spec -Old $old -Endpoint $lead.Endpoint))
    {
        $offset = $item.ExternalPort - $Spec.First
        $declared = ($item.Protocol -eq $Spec.Protocol) -and ($item.ExternalPort -ge $Spec.First) -and ($item.ExternalPort -le $Spec.Last) -and ($item.ExternalIPAddress -eq $Spec.ExternalAddress) -and ($Everywhere -or ($item.Way -eq $lead.Way))
        if ($declared)
        {
            $mine += $item
            if (($item.Way -eq $lead.Way) -and ($item.InternalIPAddress -eq $Spec.InternalAddress) -and ($item.InternalPort -eq ($Spec.Inner + $offset)))
            {
                $right += $offset
            }
            else
            {
                $stale += $item
            }
        }
        elseif (($null -ne $old) -and ($item.Way -eq $old.Way) -and ($item.Protocol -eq $old.Protocol) -and ($item.ExternalIPAddress -eq $old.ExternalAddress) -and ($item.ExternalPort -ge $old.First) -and ($item.ExternalPort -le $old.Last) -and ($item.InternalIPAddress -eq $old.InternalAddress) -and ($item.InternalPort -eq ($old.Inner + $item.ExternalPort - $old.First)))
        {
            $mine += $item
            $stale += $item
        }
    }
    $missing = @(for ($offset = 0; $offset -le ($Spec.Last - $Spec.First); $offset++)
        {
            if ($right -notcontains $offset)
            {
                $offset
            }
        })
    return @{ Lead = $lead; Mine = $mine; Stale = $stale; Missing = $missing }
}

<#
    .SYNOPSIS
        The ports of the host in these ways, each with the endpoint whose it is; of endpoints those that hold
        the declared address, and the remembered one.

    .PARAMETER Way
        How ports lead in: netnat, endpoint, load_balancer or portproxy.

    .PARAMETER Spec
        The declared mapping in plain values.

    .PARAMETER Old
        What the ledger has of the mapping.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.
#>
function Get-Lead
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Way,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Spec,

        [Parameter()]
        [AllowNull()]
        [System.Collections.Hashtable]
        $Old,

        [Parameter()]
        [AllowNull()]
        [System.Object]
        $Endpoint
    )

    foreach ($item in $Way)
    {
        $holders = @($null)
        if ($item -in @('endpoint', 'runtime'))
        {
            $holders = @($Endpoint)
            if (($item -eq 'endpoint') -and ($null -ne $Old) -and ($Old.Way -eq 'endpoint'))
            {
                $holders += @((Resolve-PSNetPortWay -Network $Old.Network -InternalAddress $Old.InternalAddress -Via 'endpoint').Endpoint)
            }
        }
        $seen = @()
        foreach ($holder in $holders)
        {
            $id = "$(Get-PSNetProperty -InputObject $holder -Name 'ID')"
            if ($seen -contains $id)
            {
                continue
            }
            $seen += $id
            foreach ($found in @(Get-PSNetLead -Way $item -Endpoint $holder -ExternalAddress $Spec.ExternalAddress))
            {
                $found | Add-Member -MemberType NoteProperty -Name 'Endpoint' -Value $holder
                $found | Add-Member -MemberType NoteProperty -Name 'EndpointId' -Value $id -PassThru
            }
        }
    }
}

<#
    .SYNOPSIS
        What only the runtime that makes the container can do, with the command that does it.

    .PARAMETER Found
        What Find-Mapping found.

    .PARAMETER Spec
        The declared mapping in plain values.

    .PARAMETER Network
        The network, by its name or as HNS has it.
#>
function Get-Unpublished
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Found,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Spec,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Network
    )

    $who = if ($null -eq $Found.Lead.Endpoint) { $script:strings.NobodyHasIt } else { $script:strings.NotPublished }
    $ports = @($Found.Missing | ForEach-Object -Process { "--publish $($Spec.First + $_):$($Spec.Inner + $_)/$($Spec.Protocol.ToLowerInvariant())" }) -join ' '
    $tool = if ($null -ne (Get-Service -Name 'docker' -ErrorAction SilentlyContinue)) { 'docker' } else { 'nerdctl' }
    # nerdctl takes no --ip on Windows: the plug-in gives the address.
    $address = if ($tool -eq 'docker') { " --ip $($Spec.InternalAddress)" } else { '' }
    return $script:strings.Unpublished -f $who, "$tool run --detach --network $Network$address $ports IMAGE"
}

<#
    .SYNOPSIS
        What the ledger says that a mapping of this name stood for; nothing when it says nothing that makes
        sense.

    .PARAMETER Name
        The name of the thing.
#>
function Get-Remembered
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $ledger = Get-PSNetLedger
    if (@($ledger.Keys) -notcontains "nat_static_mapping/$Name")
    {
        return
    }
    $entry = $ledger["nat_static_mapping/$Name"]
    $bound = @{}
    foreach ($pair in @(@('protocol', 'Protocol'), @('external_port', 'ExternalPort'), @('internal_address', 'InternalAddress'), @('internal_port', 'InternalPort'), @('external_address', 'ExternalAddress'), @('network', 'Network')))
    {
        $value = "$(Get-PSNetProperty -InputObject $entry -Name $pair[0])"
        if ([System.String]::IsNullOrEmpty($value) -or (($pair[0] -like '*_port') -and ($value -notmatch '^\d+(-\d+)?$')))
        {
            return
        }
        $bound[$pair[1]] = $value
    }
    $old = Get-Spec -Bound $bound
    $way = "$(Get-PSNetProperty -InputObject $entry -Name 'via')"
    $old.Way = if ($way -in @('endpoint', 'load_balancer', 'portproxy')) { $way } else { 'netnat' }
    return $old
}

<#
    .SYNOPSIS
        A port as the ledger keeps it: a number, or a text for a range.

    .PARAMETER Port
        Ports, ranges or keywords.
#>
function ConvertTo-PlainPort
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Port
    )

    if ($Port -match '^\d+$')
    {
        return [System.Int32] $Port
    }
    return $Port
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
