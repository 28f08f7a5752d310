# Endpoints on container networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_Endpoint'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        An endpoint on a network, with a fixed address or the next free one. An endpoint that differs is removed
        and made again. HNS gives the next free address when Address is left out, and any address is right then.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it: hns, or hcn (the Host Compute Network, from Windows Server 2019 on), which host ports
        into l2bridge networks, ports of one address and peers of overlays take; auto is hns.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it is on; needed when Ensure is Present.

    .PARAMETER Address
        HNS takes the next free one when it is left out.

    .PARAMETER Mac
        HNS takes one of the network's pool when it is left out.

    .PARAMETER DnsServers
        What it asks for names, in order.

    .PARAMETER DnsSuffix
        Its DNS suffix.

    .PARAMETER Gateway
        The gateway that it gets, such as the address of an endpoint of the host; the network's when left out.

    .PARAMETER Attach
        Host: an adapter vEthernet (name) on the host.

    .PARAMETER Forwarding
        With attach: host, its adapter and the network's management interface forward, as flannel and the bridge
        plug-ins of CNI need it of their gateway.

    .PARAMETER Remote
        It stands for a container on another host.

    .PARAMETER ProviderAddress
        Of a remote endpoint of an overlay: the address of the host that it is on.

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
        [ValidateSet('auto', 'hns', 'hcn')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Gateway,

        [Parameter()]
        [ValidateSet('host')]
        [System.String]
        $Attach,

        [Parameter()]
        [System.Boolean]
        $Forwarding = $false,

        [Parameter()]
        [System.Boolean]
        $Remote = $false,

        [Parameter()]
        [System.String]
        $ProviderAddress
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-EndpointState -Name $Name
    $state.Remove('NetworkId')
    $state.Remove('Forwards')
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetEndpoint' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        An endpoint on a network, with a fixed address or the next free one. An endpoint that differs is removed
        and made again. HNS gives the next free address when Address is left out, and any address is right then.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it: hns, or hcn (the Host Compute Network, from Windows Server 2019 on), which host ports
        into l2bridge networks, ports of one address and peers of overlays take; auto is hns.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it is on; needed when Ensure is Present.

    .PARAMETER Address
        HNS takes the next free one when it is left out.

    .PARAMETER Mac
        HNS takes one of the network's pool when it is left out.

    .PARAMETER DnsServers
        What it asks for names, in order.

    .PARAMETER DnsSuffix
        Its DNS suffix.

    .PARAMETER Gateway
        The gateway that it gets, such as the address of an endpoint of the host; the network's when left out.

    .PARAMETER Attach
        Host: an adapter vEthernet (name) on the host.

    .PARAMETER Forwarding
        With attach: host, its adapter and the network's management interface forward, as flannel and the bridge
        plug-ins of CNI need it of their gateway.

    .PARAMETER Remote
        It stands for a container on another host.

    .PARAMETER ProviderAddress
        Of a remote endpoint of an overlay: the address of the host that it is on.

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
        [ValidateSet('auto', 'hns', 'hcn')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Gateway,

        [Parameter()]
        [ValidateSet('host')]
        [System.String]
        $Attach,

        [Parameter()]
        [System.Boolean]
        $Forwarding = $false,

        [Parameter()]
        [System.Boolean]
        $Remote = $false,

        [Parameter()]
        [System.String]
        $ProviderAddress
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-EndpointState -Name $Name
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        An endpoint on a network, with a fixed address or the next free one. An endpoint that differs is removed
        and made again. HNS gives the next free address when Address is left out, and any address is right then.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Backend
        What makes it: hns, or hcn (the Host Compute Network, from Windows Server 2019 on), which host ports
        into l2bridge networks, ports of one address and peers of overlays take; auto is hns.

    .PARAMETER AllowDowntime
        What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that
        carries a running container; all.

    .PARAMETER Network
        The container network that it is on; needed when Ensure is Present.

    .PARAMETER Address
        HNS takes the next free one when it is left out.

    .PARAMETER Mac
        HNS takes one of the network's pool when it is left out.

    .PARAMETER DnsServers
        What it asks for names, in order.

    .PARAMETER DnsSuffix
        Its DNS suffix.

    .PARAMETER Gateway
        The gateway that it gets, such as the address of an endpoint of the host; the network's when left out.

    .PARAMETER Attach
        Host: an adapter vEthernet (name) on the host.

    .PARAMETER Forwarding
        With attach: host, its adapter and the network's management interface forward, as flannel and the bridge
        plug-ins of CNI need it of their gateway.

    .PARAMETER Remote
        It stands for a container on another host.

    .PARAMETER ProviderAddress
        Of a remote endpoint of an overlay: the address of the host that it is on.
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
        [ValidateSet('auto', 'hns', 'hcn')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $Address,

        [Parameter()]
        [System.String]
        $Mac,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Gateway,

        [Parameter()]
        [ValidateSet('host')]
        [System.String]
        $Attach,

        [Parameter()]
        [System.Boolean]
        $Forwarding = $false,

        [Parameter()]
        [System.Boolean]
        $Remote = $false,

        [Parameter()]
        [System.String]
        $ProviderAddress
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetEndpoint $Name"
    try
    {
        $null = Protect-PSNetFolder
        $state = Get-EndpointState -Name $Name
        if (($Ensure -eq 'Present') -and ($state.Ensure -eq 'Present'))
        {
            $differences = @(Get-Difference -State $state -Bound $PSBoundParameters)
            if (($differences.Count -eq 0) -or (($differences -join ',') -eq 'Forwarding'))
            {
                if ($differences.Count -gt 0)
                {
                    Enable-PSNetForwarding -Address @($state.Forwards)
                }
                return
            }
        }
        if ($state.Ensure -eq 'Present')
        {
            Assert-PSNetIdle -Endpoint @(Invoke-PSNetHns -Method GET -Path "/endpoints/$($state.Id)") -AllowDowntime $AllowDowntime
            Write-Verbose -Message ($script:strings.Removing -f $Name)
            if ($state.Backend -eq 'hcn')
            {
                Invoke-PSNetHcn -Verb DeleteEndpoint -Id $state.Id
            }
            else
            {
                $null = Invoke-PSNetHns -Method DELETE -Path "/endpoints/$($state.Id)"
            }
        }
        if ($Ensure -eq 'Absent')
        {
            Set-PSNetLedgerEntry -Key "endpoint/$Name" -Entry $null
            return
        }
        Write-Verbose -Message ($script:strings.Making -f $Name)
        if (($Backend -eq 'hcn') -and (-not (Test-PSNetHcn)))
        {
            Write-Error -Message $script:strings.NoHcn -ErrorId 'PSNet.NoBackend' -Category NotInstalled -TargetObject $Name
        }
        New-Endpoint -Name $Name -Bound $PSBoundParameters
        $entry = [ordered]@{ name = $Name; network = $Network }
        if ($Backend -eq 'hcn')
        {
            $entry['backend'] = 'hcn'
        }
        Set-PSNetLedgerEntry -Key "endpoint/$Name" -Entry $entry
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The properties of an endpoint as the host has it, from one query of HNS.

    .PARAMETER Name
        The name of the thing.
#>
function Get-EndpointState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $state = @{
        Name = $Name
        Ensure = 'Absent'
        Backend = $null
        Network = $null
        Address = $null
        Mac = $null
        DnsServers = @()
        DnsSuffix = $null
        Attach = $null
        Gateway = $null
        Forwarding = $false
        Remote = $false
        ProviderAddress = $null
        Id = $null
        NetworkId = $null
        Forwards = @()
    }
    $endpoint = @(Invoke-PSNetHns -Method GET -Path '/endpoints/') | Where-Object -FilterScript {
        (Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name
    } | Select-Object -First 1
    if ($null -eq $endpoint)
    {
        return $state
    }
    $containers = @(Get-PSNetProperty -InputObject $endpoint -Name 'SharedContainers' | Where-Object -FilterScript { $null -ne $_ })
    $machine = Get-PSNetProperty -InputObject $endpoint -Name 'VirtualMachine'
    $attached = @(2, 3) -contains (Get-PSNetProperty -InputObject $endpoint -Name 'State')
    $state.Ensure = 'Present'
    # HNS does not tell who made an endpoint; the ledger does.
    $ledger = Get-PSNetLedger
    if (@($ledger.Keys) -contains "endpoint/$Name")
    {
        $state.Backend = if ((Get-PSNetProperty -InputObject $ledger["endpoint/$Name"] -Name 'backend') -eq 'hcn') { 'hcn' } else { 'hns' }
    }
    $state.Id = $endpoint.ID
    $state.NetworkId = Get-PSNetProperty -InputObject $endpoint -Name 'VirtualNetwork'
    $state.Network = Get-PSNetProperty -InputObject $endpoint -Name 'VirtualNetworkName'
    $state.Address = Get-PSNetProperty -InputObject $endpoint -Name 'IPAddress'
    $state.Mac = "$(Get-PSNetProperty -InputObject $endpoint -Name 'MacAddress')".ToUpperInvariant()
    $state.DnsServers = @("$(Get-PSNetProperty -InputObject $endpoint -Name 'DNSServerList')".Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    $state.DnsSuffix = Get-PSNetProperty -InputObject $endpoint -Name 'DNSSuffix'
    $state.Gateway = Get-PSNetProperty -InputObject $endpoint -Name 'GatewayAddress'
    $state.Remote = [System.Boolean] (Get-PSNetProperty -InputObject $endpoint -Name 'IsRemoteEndpoint')
    $provider = @(Get-PSNetProperty -InputObject $endpoint -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'Type') -eq 'PA') }) | Select-Object -First 1
    $state.ProviderAddress = Get-PSNetProperty -InputObject $provider -Name 'PA'
    if ([System.String]::IsNullOrEmpty($machine) -and (($containers.Count -gt 0) -or $attached))
    {
        $state.Attach = 'host'
        $network = Invoke-PSNetHns -Method GET -Path "/networks/$($state.NetworkId)"
        $state.Forwards = @($state.Address, (Get-PSNetProperty -InputObject $network -Name 'ManagementIP') | Where-Object -FilterScript { -not [System.String]::IsNullOrEmpty($_) })
        $state.Forwarding = Test-PSNetForwarding -Address $state.Forwards
    }
    return $state
}

<#
    .SYNOPSIS
        The names of the declared properties that the host has otherwise.

    .PARAMETER State
        The properties of the thing as the host has it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
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
        $Bound
    )

    $desired = [ordered]@{}
    foreach ($name in @('Network', 'Address', 'Mac', 'DnsServers', 'DnsSuffix', 'Attach', 'Gateway', 'ProviderAddress'))
    {
        if ((@($Bound.Keys) -contains $name) -and (-not [System.String]::IsNullOrEmpty([System.String] $Bound[$name])))
        {
            $desired[$name] = $Bound[$name]
        }
    }
    if ((@($Bound.Keys) -contains 'Backend') -and ($Bound['Backend'] -eq 'hcn') -and ($null -ne $State.Backend))
    {
        $desired['Backend'] = 'hcn'
    }
    $remote = (@($Bound.Keys) -contains 'Remote') -and $Bound['Remote']
    if ($remote -ne $State.Remote)
    {
        $desired['Remote'] = $remote
    }
    if ((@($Bound.Keys) -contains 'Forwarding') -and $Bound['Forwarding'])
    {
        $desired['Forwarding'] = $true
    }
    if (@($desired.Keys) -contains 'Mac')
    {
        $desired['Mac'] = $desired['Mac'].Replace(':', '-').ToUpperInvariant()
    }
    if ((@($desired.Keys) -contains 'Network') -and ($desired['Network'] -ne $State.Network))
    {
        # docker gives its networks a name of its own.
        $network = Resolve-PSNetNetwork -Name $desired['Network']
        if (($null -ne $network) -and ($network.ID -eq $State.NetworkId))
        {
            $desired.Remove('Network')
        }
    }
    Compare-PSNetState -Current $State -Desired $desired -IgnoreCase 'Network', 'DnsSuffix', 'Attach'
}

<#
    .SYNOPSIS
        Makes an endpoint on its network, and an adapter of the host for it where that is declared.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function New-Endpoint
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    Assert-PSNetParameter -Bound $Bound -Name 'Network'
    $network = Resolve-PSNetNetwork -Name $Bound['Network']
    if ($null -eq $network)
    {
        Write-Error -Message ($script:strings.NoNetwork -f $Bound['Network']) -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject $Bound['Network']
    }
    # What is given and says something: a parameter of $null or '' is as one that is left out.
    $given = @{}
    foreach ($item in @('Address', 'Mac', 'DnsServers', 'DnsSuffix', 'Attach', 'Gateway', 'ProviderAddress'))
    {
        $given[$item] = (@($Bound.Keys) -contains $item) -and (-not [System.String]::IsNullOrEmpty([System.String] (@($Bound[$item]) -join ',')))
    }
    foreach ($item in @('Remote', 'Forwarding'))
    {
        $given[$item] = (@($Bound.Keys) -contains $item) -and $Bound[$item]
    }
    $endpoint = [ordered]@{ Name = $Name; VirtualNetwork = $network.ID }
    if ($given.Address)
    {
        $endpoint.IPAddress = $Bound['Address']
    }
    if ($given.Mac)
    {
        $endpoint.MacAddress = $Bound['Mac'].Replace(':', '-').ToUpperInvariant()
    }
    if ($given.DnsServers)
    {
        $endpoint.DNSServerList = @($Bound['DnsServers']) -join ','
    }
    if ($given.DnsSuffix)
    {
        $endpoint.DNSSuffix = $Bound['DnsSuffix']
    }
    if ($given.Gateway)
    {
        $endpoint.GatewayAddress = $Bound['Gateway']
    }
    if ($given.Remote)
    {
        $endpoint.IsRemoteEndpoint = $true
    }
    if ($given.ProviderAddress)
    {
        $endpoint.Policies = @([ordered]@{ Type = 'PA'; PA = $Bound['ProviderAddress'] })
    }
    if ((@($Bound.Keys) -contains 'Backend') -and ($Bound['Backend'] -eq 'hcn'))
    {
        $document = ConvertTo-HcnEndpoint -Endpoint $endpoint -Network $network
        Invoke-PSNetHcn -Verb CreateEndpoint -Id $network.ID -Settings (ConvertTo-Json -InputObject $document -Depth 10 -Compress)
        $made = Get-PSNetEndpoint -Name $Name
    }
    else
    {
        $made = Invoke-PSNetHns -Method POST -Path '/endpoints/' -Body (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    }
    Confirm-Endpoint -Id $made.ID -Sent $endpoint
    if ($given.Attach)
    {
        Connect-PSNetEndpoint -Id $made.ID
        if ($given.Forwarding)
        {
            Enable-PSNetForwarding -Address @((Get-PSNetProperty -InputObject $made -Name 'IPAddress'), (Get-PSNetProperty -InputObject $network -Name 'ManagementIP') | Where-Object -FilterScript { -not [System.String]::IsNullOrEmpty($_) })
        }
    }
}

<#
    .SYNOPSIS
        The create document of an endpoint for the Host Compute Network, as psnet apply writes it.

    .PARAMETER Endpoint
        The create document for HNS v1.

    .PARAMETER Network
        The network, by its name or as HNS has it.
#>
function ConvertTo-HcnEndpoint
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [System.Object]
        $Network
    )

    $given = @{}
    foreach ($key in @('IPAddress', 'GatewayAddress', 'MacAddress', 'DNSServerList', 'DNSSuffix', 'Policies', 'IsRemoteEndpoint'))
    {
        $given[$key] = if (@($Endpoint.Keys) -contains $key) { $Endpoint[$key] } else { $null }
    }
    $made = [ordered]@{ Name = $Endpoint['Name']; HostComputeNetwork = $Network.ID }
    $subnets = @(Get-PSNetProperty -InputObject $Network -Name 'Subnets' | Where-Object -FilterScript { ($null -ne $_) -and ("$(Get-PSNetProperty -InputObject $_ -Name 'AddressPrefix')" -match '^[\d.]+/\d+$') })
    $own = @($subnets | Where-Object -FilterScript { ($null -ne $given.IPAddress) -and (Test-PSNetPrefixInside -Inner "$($given.IPAddress)/32" -Outer $_.AddressPrefix) }) + $subnets | Select-Object -First 1
    if ($null -ne $given.IPAddress)
    {
        $length = if ($null -ne $own) { [System.Int32] $own.AddressPrefix.Split('/')[1] } else { 24 }
        $made['IpConfigurations'] = @([ordered]@{ IpAddress = $given.IPAddress; PrefixLength = $length })
    }
    $gateway = if ($null -ne $given.IsRemoteEndpoint) { $null } elseif ($null -ne $given.GatewayAddress) { $given.GatewayAddress } else { Get-PSNetProperty -InputObject $own -Name 'GatewayAddress' }
    if (-not [System.String]::IsNullOrEmpty($gateway))
    {
        $made['Routes'] = @([ordered]@{ NextHop = $gateway; DestinationPrefix = '0.0.0.0/0' })
    }
    if ($null -ne $given.MacAddress)
    {
        $made['MacAddress'] = $given.MacAddress
    }
    if (($null -ne $given.DNSServerList) -or ($null -ne $given.DNSSuffix))
    {
        $made['Dns'] = [ordered]@{ Domain = [System.String] $given.DNSSuffix; ServerList = @("$($given.DNSServerList)".Split(',') | Where-Object -FilterScript { $_ -ne '' }) }
    }
    if ($null -ne $given.Policies)
    {
        $made['Policies'] = @(ConvertTo-PSNetHcnPolicy -Policy $given.Policies)
    }
    if ($null -ne $given.IsRemoteEndpoint)
    {
        $made['Flags'] = 1
    }
    $made['SchemaVersion'] = [ordered]@{ Major = 2; Minor = 0 }
    return $made
}

<#
    .SYNOPSIS
        Fails when HNS does not keep what an endpoint was made with: it answers with success all the same (claim
        c113).

    .PARAMETER Id
        The endpoint's id.

    .PARAMETER Sent
        The document that was sent.
#>
function Confirm-Endpoint
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Id,

        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Sent
    )

    $kept = Invoke-PSNetHns -Method GET -Path "/endpoints/$Id"
    $other = @(foreach ($key in @($Sent.Keys | Where-Object -FilterScript { $_ -ne 'Policies' }))
        {
            if ("$(Get-PSNetProperty -InputObject $kept -Name $key)" -ne "$($Sent[$key])")
            {
                $key
            }
        })
    Confirm-PSNetKept -Name $Sent['Name'] -Property $other
    if (@($Sent.Keys) -contains 'Policies')
    {
        $stored = @(Get-PSNetProperty -InputObject $kept -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
        Confirm-PSNetPolicy -Wanted $Sent['Policies'] -Stored $stored -Name $Sent['Name']
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
