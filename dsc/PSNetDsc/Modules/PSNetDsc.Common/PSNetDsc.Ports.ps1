# How ports of the host lead to an address: which way a mapping takes on this host, and what is there (docs/port-mappings.md).

<#
    .SYNOPSIS
        The way of a mapping: netnat, endpoint, runtime, load_balancer or portproxy, with what it goes through;
        without a way, the reason. HNS keeps the NAT of its nat networks to itself from 1709 on (claim c01).

    .PARAMETER Network
        The network, by its name or as HNS has it.

    .PARAMETER InternalAddress
        The address that the ports lead to.

    .PARAMETER Via
        The way that is asked for; none takes what the host has.
#>
function Resolve-PSNetPortWay
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $Network,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [AllowEmptyString()]
        [System.String]
        $Via = ''
    )

    $found = @{ Way = $null; Nat = $null; Endpoint = $null; Reason = $null; Mode = $null }
    if ($Via -eq 'portproxy')
    {
        $found.Way = 'portproxy'
        return $found
    }
    $there = Resolve-PSNetNetwork -Name $Network
    $found.Mode = "$(Get-PSNetProperty -InputObject $there -Name 'Type')".ToLowerInvariant()
    if ($Via -in @('', 'netnat'))
    {
        $found.Nat = Find-PSNetNat -Name $Network -Network $there
        if ($null -ne $found.Nat)
        {
            $found.Way = 'netnat'
            return $found
        }
    }
    if (($null -eq $there) -or ($Via -eq 'netnat'))
    {
        $found.Reason = if ($null -eq $there) { $script:strings.NoNatNetwork -f $Network } else { $script:strings.NoNat -f $Network }
        return $found
    }
    $found.Endpoint = @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript {
            ((Get-PSNetProperty -InputObject $_ -Name 'VirtualNetwork') -eq $there.ID) -and ((Get-PSNetProperty -InputObject $_ -Name 'IPAddress') -eq $InternalAddress) -and (-not (Get-PSNetProperty -InputObject $_ -Name 'IsRemoteEndpoint'))
        }) | Select-Object -First 1
    $bridge = $found.Mode -in @('l2bridge', 'l2tunnel')
    if ($Via -eq 'load_balancer')
    {
        if ((-not $bridge) -or ([System.Environment]::OSVersion.Version.Build -lt 17763))
        {
            $found.Reason = $script:strings.NoBalancer -f $Network
        }
        elseif ($null -eq $found.Endpoint)
        {
            $found.Reason = $script:strings.NoEndpointAt -f $InternalAddress, $Network
        }
        else
        {
            $found.Way = 'load_balancer'
        }
        return $found
    }
    $name = "$(Get-PSNetProperty -InputObject $found.Endpoint -Name 'Name')"
    $own = ($null -ne $found.Endpoint) -and (($Via -eq 'endpoint') -or (@((Get-PSNetLedger).Keys) -contains "endpoint/$name"))
    if (($found.Mode -ne 'nat') -and (-not $bridge))
    {
        $found.Reason = $script:strings.NoWay -f $found.Mode
    }
    elseif ($own -and ($Via -ne 'runtime'))
    {
        if ($bridge -and (-not (Test-PSNetHcnEndpoint -Name $name)))
        {
            $found.Reason = $script:strings.NeedsHcn -f $found.Mode
        }
        else
        {
            $found.Way = 'endpoint'
        }
    }
    elseif (($Via -eq 'runtime') -or (@(Get-PSNetProperty -InputObject $found.Endpoint -Name 'SharedContainers' | Where-Object -FilterScript { $null -ne $_ }).Count -gt 0))
    {
        $found.Way = 'runtime'
    }
    elseif ($null -ne (Get-Service -Name 'docker', 'containerd' -ErrorAction SilentlyContinue))
    {
        $found.Way = if ($Via -eq 'endpoint') { $null } else { 'runtime' }
        $found.Reason = if ($Via -eq 'endpoint') { $script:strings.NoEndpointAt -f $InternalAddress, $Network } else { $null }
    }
    else
    {
        $found.Reason = $script:strings.NoEndpointAt -f $InternalAddress, $Network
    }
    return $found
}

<#
    .SYNOPSIS
        The name of the NetNat of this name, or of the one that holds the network's prefix; nothing where there
        is none.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Network
        The network, by its name or as HNS has it.
#>
function Find-PSNetNat
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Object]
        $Network
    )

    $known = @(Get-NetNat)
    $own = @($known | Where-Object -FilterScript { $_.Name -eq $Name })
    if ($own.Count -gt 0)
    {
        return $own[0].Name
    }
    $subnet = @(Get-PSNetProperty -InputObject $Network -Name 'Subnets' | Where-Object -FilterScript { $null -ne $_ }) | Select-Object -First 1
    $prefix = Get-PSNetProperty -InputObject $subnet -Name 'AddressPrefix'
    if (([System.String]::IsNullOrEmpty($prefix)) -or ("$(Get-PSNetProperty -InputObject $Network -Name 'Type')" -notin @('nat', 'internal')))
    {
        return
    }
    foreach ($nat in $known)
    {
        $inside = [System.String] (Get-PSNetProperty -InputObject $nat -Name 'InternalIPInterfaceAddressPrefix')
        if ((-not [System.String]::IsNullOrEmpty($inside)) -and (Test-PSNetPrefixInside -Inner $prefix -Outer $inside))
        {
            return $nat.Name
        }
    }
}

<#
    .SYNOPSIS
        The ports of this host that lead somewhere in one way; Handle is what takes one away.

    .PARAMETER Way
        How ports lead in: netnat, endpoint, load_balancer or portproxy.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER ExternalAddress
        The address of the host.
#>
function Get-PSNetLead
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [ValidateSet('netnat', 'endpoint', 'runtime', 'load_balancer', 'portproxy')]
        [System.String]
        $Way,

        [Parameter()]
        [AllowNull()]
        [System.Object]
        $Endpoint,

        [Parameter()]
        [System.String]
        $ExternalAddress = '0.0.0.0'
    )

    if ($Way -eq 'netnat')
    {
        foreach ($item in @(Get-NetNatStaticMapping))
        {
            New-PSNetLead -Way $Way -Protocol ([System.String] $item.Protocol) -From $item.ExternalIPAddress, $item.ExternalPort -To $item.InternalIPAddress, $item.InternalPort -Handle $item
        }
    }
    elseif ($Way -eq 'portproxy')
    {
        foreach ($line in @(netsh interface portproxy show v4tov4))
        {
            if ($line -match '^\s*(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s*$')
            {
                $listen = if ($Matches[1] -eq '*') { '0.0.0.0' } else { $Matches[1] }
                New-PSNetLead -Way $Way -Protocol 'TCP' -From $listen, $Matches[2] -To $Matches[3], $Matches[4] -Handle @($Matches[1], $Matches[2])
            }
        }
    }
    elseif ($Way -eq 'load_balancer')
    {
        $addresses = @{}
        foreach ($item in @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript { $null -ne $_ }))
        {
            $addresses["/endpoints/$($item.ID)"] = Get-PSNetProperty -InputObject $item -Name 'IPAddress'
        }
        foreach ($list in @(Invoke-PSNetHns -Method GET -Path '/policylists/' | Where-Object -FilterScript { $null -ne $_ }))
        {
            $members = @(Get-PSNetProperty -InputObject $list -Name 'References' | Where-Object -FilterScript { $null -ne $_ })
            foreach ($policy in @(Get-PSNetProperty -InputObject $list -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ }))
            {
                $front = @(Get-PSNetProperty -InputObject $policy -Name 'VIPs' | Where-Object -FilterScript { -not [System.String]::IsNullOrEmpty($_) })
                if (((Get-PSNetProperty -InputObject $policy -Name 'Type') -eq 'ELB') -and ($front.Count -eq 0) -and ($members.Count -eq 1))
                {
                    New-PSNetLead -Way $Way -Protocol "$(Get-PSNetProperty -InputObject $policy -Name 'Protocol')" -From '0.0.0.0', (Get-PSNetProperty -InputObject $policy -Name 'ExternalPort') -To "$($addresses[$members[0]])", (Get-PSNetProperty -InputObject $policy -Name 'InternalPort') -Handle $list.ID
                }
            }
        }
    }
    else
    {
        # HNS v1 publishes on every address; HCN on the one that its policy names, which another than the declared one may be.
        $every = if (Test-PSNetHcnEndpoint -Name "$(Get-PSNetProperty -InputObject $Endpoint -Name 'Name')") { '0.0.0.0' } else { $ExternalAddress }
        foreach ($policy in @(Get-PSNetProperty -InputObject $Endpoint -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ }))
        {
            if ((Get-PSNetProperty -InputObject $policy -Name 'Type') -in @('NAT', 'PortMapping'))
            {
                $given = Get-PSNetProperty -InputObject $policy -Name 'Settings'
                $given = if ($null -eq $given) { $policy } else { $given }
                $vip = "$(Get-PSNetProperty -InputObject $given -Name 'VIP')"
                $front = if ([System.String]::IsNullOrEmpty($vip)) { $every } else { $vip }
                New-PSNetLead -Way $Way -Protocol "$(Get-PSNetProperty -InputObject $given -Name 'Protocol')" -From $front, (Get-PSNetProperty -InputObject $given -Name 'ExternalPort') -To (Get-PSNetProperty -InputObject $Endpoint -Name 'IPAddress'), (Get-PSNetProperty -InputObject $given -Name 'InternalPort') -Handle $policy
            }
        }
    }
}

<#
    .SYNOPSIS
        One port that leads somewhere, in one spelling.

    .PARAMETER Way
        How ports lead in: netnat, endpoint, load_balancer or portproxy.

    .PARAMETER Protocol
        The protocol, by its name or number.

    .PARAMETER From
        Protocol and port on the host.

    .PARAMETER To
        Address and port that it leads to.

    .PARAMETER Handle
        What removes it later.
#>
function New-PSNetLead
{
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object alone.')]
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Way,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Object[]]
        $From,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Object[]]
        $To,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Handle
    )

    [PSCustomObject] @{
        Way = $Way
        Protocol = ConvertTo-PSNetProtocol -Protocol ($Protocol + ' ')
        ExternalIPAddress = [System.String] $From[0]
        ExternalPort = [System.Int32] $From[1]
        InternalIPAddress = [System.String] $To[0]
        InternalPort = [System.Int32] $To[1]
        Handle = $Handle
    }
}

<#
    .SYNOPSIS
        Leads ports of this host to an address: offsets from the first external and internal port.

    .PARAMETER Found
        What Find-Mapping found.

    .PARAMETER Spec
        The declared mapping in plain values.

    .PARAMETER Offset
        The offsets of the ports that are missing, from the first one.

    .PARAMETER Gone
        The ports that are mapped no more.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.
#>
function Add-PSNetLead
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Found,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Spec,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Offset,

        [Parameter()]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Gone = @(),

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints'
    )

    if ($Found.Way -eq 'endpoint')
    {
        # HNS sets forwarding up when the endpoint is made, and at no other time (docs/port-mappings.md, Rules).
        $kept = @(Select-PSNetOtherPolicy -Endpoint $Found.Endpoint -Lead $Gone)
        $new = @(foreach ($step in $Offset) { [ordered]@{ Type = 'NAT'; Protocol = $Spec.Protocol; InternalPort = ($Spec.Inner + $step); ExternalPort = ($Spec.First + $step) } })
        $hcn = Test-PSNetHcnEndpoint -Name $Found.Endpoint.Name
        if ($hcn -and ($Spec.ExternalAddress -ne '0.0.0.0'))
        {
            foreach ($item in $new)
            {
                $item['VIP'] = $Spec.ExternalAddress
            }
        }
        Reset-PSNetOwnEndpoint -Endpoint $Found.Endpoint -Policies @($kept + $new) -AllowDowntime $AllowDowntime
        if ($hcn)
        {
            return
        }
        $stored = @(Get-PSNetProperty -InputObject (Get-PSNetEndpoint -Name $Found.Endpoint.Name) -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
        Confirm-PSNetPolicy -Wanted $new -Stored $stored -Name $Found.Endpoint.Name
        return
    }
    foreach ($step in $Offset)
    {
        $outer = $Spec.First + $step
        $inner = $Spec.Inner + $step
        if ($Found.Way -eq 'netnat')
        {
            $null = Add-NetNatStaticMapping -NatName $Found.Nat -Protocol $Spec.Protocol -ExternalIPAddress $Spec.ExternalAddress -ExternalPort $outer -InternalIPAddress $Spec.InternalAddress -InternalPort $inner
        }
        elseif ($Found.Way -eq 'portproxy')
        {
            Invoke-PSNetNetsh -Arguments @('interface', 'portproxy', 'add', 'v4tov4', "listenaddress=$($Spec.ExternalAddress)", "listenport=$outer", "connectaddress=$($Spec.InternalAddress)", "connectport=$inner")
        }
        else
        {
            # Without an address of its own the balancer takes the host's port (kube-proxy's node port).
            $policy = [ordered]@{ Type = 'ELB'; Protocol = $(if ($Spec.Protocol -eq 'TCP') { 6 } else { 17 }); InternalPort = $inner; ExternalPort = $outer; VIPs = @() }
            $list = [ordered]@{ References = @("/endpoints/$($Found.Endpoint.ID)"); Policies = @($policy) }
            $made = Invoke-PSNetHns -Method POST -Path '/policylists/' -Body (ConvertTo-Json -InputObject $list -Depth 10 -Compress)
            $stored = @(Invoke-PSNetHns -Method GET -Path "/policylists/$($made.ID)" | ForEach-Object -Process { Get-PSNetProperty -InputObject $_ -Name 'Policies' } | Where-Object -FilterScript { $null -ne $_ })
            Confirm-PSNetPolicy -Wanted @($policy) -Stored $stored -Name $Found.Endpoint.Name
        }
    }
}

<#
    .SYNOPSIS
        Takes ports away, each in its own way; those of an endpoint by making it again without them.

    .PARAMETER Lead
        The ports that lead in, as Get-PSNetLead returns them.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.
#>
function Remove-PSNetLead
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Lead,

        [Parameter()]
        [AllowNull()]
        [System.Object]
        $Endpoint,

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints'
    )

    foreach ($item in $Lead)
    {
        switch ($item.Way)
        {
            'netnat' { Remove-NetNatStaticMapping -NatName $item.Handle.NatName -StaticMappingID $item.Handle.StaticMappingID -Confirm:$false }
            'portproxy' { Invoke-PSNetNetsh -Arguments @('interface', 'portproxy', 'delete', 'v4tov4', "listenaddress=$($item.Handle[0])", "listenport=$($item.Handle[1])") }
            'load_balancer' { $null = Invoke-PSNetHns -Method DELETE -Path "/policylists/$($item.Handle)" }
            default { }
        }
    }
    $published = @($Lead | Where-Object -FilterScript { $_.Way -eq 'endpoint' })
    if ($published.Count -gt 0)
    {
        Reset-PSNetOwnEndpoint -Endpoint $Endpoint -Policies @(Select-PSNetOtherPolicy -Endpoint $Endpoint -Lead $published) -AllowDowntime $AllowDowntime
    }
}

<#
    .SYNOPSIS
        The policies of an endpoint without those that publish these ports.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Lead
        The ports that lead in, as Get-PSNetLead returns them.
#>
function Select-PSNetOtherPolicy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Object]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Lead
    )

    $taken = @($Lead | ForEach-Object -Process { "$($_.Protocol)/$($_.ExternalPort)" })
    foreach ($policy in @(Get-PSNetProperty -InputObject $Endpoint -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ }))
    {
        $protocol = ConvertTo-PSNetProtocol -Protocol "$(Get-PSNetProperty -InputObject $policy -Name 'Protocol') "
        $port = "$protocol/$(Get-PSNetProperty -InputObject $policy -Name 'ExternalPort')"
        if (((Get-PSNetProperty -InputObject $policy -Name 'Type') -ne 'NAT') -or ($taken -notcontains $port))
        {
            $policy
        }
    }
}

<#
    .SYNOPSIS
        Makes an endpoint again with these policies, which HNS takes when it is made; a container that runs on
        it would lose its network, which is not done unless it is allowed.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Policies
        The policies, as HNS has them.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.
#>
function Reset-PSNetOwnEndpoint
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Object]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policies,

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints'
    )

    Assert-PSNetIdle -Endpoint $Endpoint -AllowDowntime $AllowDowntime -Again
    $address = "$(Get-PSNetProperty -InputObject $Endpoint -Name 'IPAddress')"
    $forwards = Test-PSNetForwarding -Address $address
    $idle = @(Get-PSNetProperty -InputObject $Endpoint -Name 'SharedContainers' | Where-Object -FilterScript { $null -ne $_ }).Count -eq 0
    $machine = Get-PSNetProperty -InputObject $Endpoint -Name 'VirtualMachine'
    $hosted = $idle -and [System.String]::IsNullOrEmpty($machine) -and (@(2, 3) -contains (Get-PSNetProperty -InputObject $Endpoint -Name 'State'))
    if (Test-PSNetHcnEndpoint -Name $Endpoint.Name)
    {
        $network = Invoke-PSNetHns -Method GET -Path "/networks/$(Get-PSNetProperty -InputObject $Endpoint -Name 'VirtualNetwork')"
        $bridge = "$(Get-PSNetProperty -InputObject $network -Name 'Type')" -in @('l2bridge', 'l2tunnel')
        Reset-PSNetHcnEndpoint -Endpoint $Endpoint -Policies @(ConvertTo-PSNetHcnPolicy -Policy $Policies -Flags ([System.Int32] $bridge))
        if ($hosted)
        {
            Connect-PSNetEndpoint -Id (Get-PSNetEndpoint -Name $Endpoint.Name).ID
        }
        if ($forwards)
        {
            Enable-PSNetForwarding -Address $address
        }
        return
    }
    Reset-PSNetEndpoint -Endpoint $Endpoint -Policies $Policies
    if ($hosted -and ((Get-PSNetProperty -InputObject $Endpoint -Name 'CompartmentId') -ne 1))
    {
        # Not every build says the compartment of an endpoint that is attached to the host.
        Connect-PSNetEndpoint -Id (Get-PSNetEndpoint -Name $Endpoint.Name).ID
    }
    if ($forwards)
    {
        Enable-PSNetForwarding -Address $address
    }
}

<#
    .SYNOPSIS
        Whether the interfaces that have these addresses forward; an address that no interface has is none.

    .PARAMETER Address
        The addresses of the interfaces that are asked about.
#>
function Test-PSNetForwarding
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String[]]
        $Address
    )

    foreach ($item in $Address)
    {
        $found = @(if (-not [System.String]::IsNullOrEmpty($item)) { Get-NetIPAddress -IPAddress $item -ErrorAction SilentlyContinue })
        if ($found.Count -eq 0)
        {
            return $false
        }
        if ([System.String] (Get-NetIPInterface -InterfaceIndex $found[0].InterfaceIndex -AddressFamily IPv4).Forwarding -ne 'Enabled')
        {
            return $false
        }
    }
    return $true
}

<#
    .SYNOPSIS
        Refuses to take an endpoint away from the containers and machines that run on it, or from the host that
        it is attached to, unless all of that may go; and at the price none, to take away any endpoint of this
        host.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.

    .PARAMETER Again
        The endpoint is made again at once, and attached to the host again.
#>
function Assert-PSNetIdle
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Endpoint,

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.Management.Automation.SwitchParameter]
        $Again
    )

    foreach ($item in @($Endpoint | Where-Object -FilterScript { $null -ne $_ }))
    {
        if (Get-PSNetProperty -InputObject $item -Name 'IsRemoteEndpoint')
        {
            continue
        }
        $name = "$(Get-PSNetProperty -InputObject $item -Name 'Name')"
        $state = Get-PSNetProperty -InputObject $item -Name 'State'
        $running = @(Get-PSNetProperty -InputObject $item -Name 'SharedContainers' | Where-Object -FilterScript { $null -ne $_ })
        $machine = Get-PSNetProperty -InputObject $item -Name 'VirtualMachine'
        if (-not [System.String]::IsNullOrEmpty($machine))
        {
            $running += $machine
        }
        if ((@(2, 3) -contains $state) -and ($running.Count -eq 0) -and (-not $Again))
        {
            $running = @("vEthernet ($name)")
        }
        if (($running.Count -gt 0) -and ($AllowDowntime -ne 'all'))
        {
            Write-Error -Message ($script:strings.InUse -f $name, ($running -join ', ')) -ErrorId 'PSNet.EndpointInUse' -Category ResourceBusy -TargetObject $name
        }
        # A configuration makes an endpoint in steps: one that has never been attached (state Created) carries nothing yet.
        if (($AllowDowntime -eq 'none') -and (-not ($Again -and ($state -eq 1))))
        {
            Write-Error -Message ($script:strings.HasEndpoint -f $name) -ErrorId 'PSNet.EndpointThere' -Category ResourceBusy -TargetObject $name
        }
    }
}
