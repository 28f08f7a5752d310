# Container networks, made by New-ContainerNetwork, by HNS or by docker.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_ContainerNetwork'

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
        [ValidateSet('auto', 'containers', 'hns', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-NetworkState -Name $Name -Backend (Resolve-PSNetBackend -Backend $Backend)
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetContainerNetwork' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
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
        [ValidateSet('auto', 'containers', 'hns', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $chosen = Resolve-PSNetBackend -Backend $Backend -Lacking (Test-Lacking -Bound $PSBoundParameters -Mode $Mode)
    $state = Get-NetworkState -Name $Name -Backend $chosen
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters -Mode $Mode).Count -eq 0)
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
        [ValidateSet('auto', 'containers', 'hns', 'docker')]
        [System.String]
        $Backend = 'auto',

        [Parameter()]
        [System.Boolean]
        $AllowDowntime = $false,

        [Parameter()]
        [ValidateSet('nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private')]
        [System.String]
        $Mode = 'nat',

        [Parameter()]
        [System.String[]]
        $Subnets,

        [Parameter()]
        [System.String[]]
        $DnsServers,

        [Parameter()]
        [System.String]
        $DnsSuffix,

        [Parameter()]
        [System.String]
        $Adapter,

        [Parameter()]
        [System.UInt32]
        $Vlan,

        [Parameter()]
        [System.UInt32]
        $Vsid,

        [Parameter()]
        [System.String[]]
        $MacPools
    )

    $null = Protect-PSNetFolder
    $chosen = Resolve-PSNetBackend -Backend $Backend -Lacking (Test-Lacking -Bound $PSBoundParameters -Mode $Mode)
    $state = Get-NetworkState -Name $Name -Backend $chosen
    if (($Ensure -eq 'Present') -and ($state.Ensure -eq 'Present') -and (@(Get-Difference -State $state -Bound $PSBoundParameters -Mode $Mode).Count -eq 0))
    {
        return
    }
    if ($state.Ensure -eq 'Present')
    {
        Assert-PSNetIdle -Endpoint @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'VirtualNetwork') -eq $state.Id) }) -AllowDowntime $AllowDowntime
        Write-Verbose -Message ($script:strings.Removing -f $Name, $chosen)
        Remove-PSNetNetwork -Name $Name -Id $state.Id -Backend $chosen
    }
    if ($Ensure -eq 'Absent')
    {
        Set-PSNetLedgerEntry -Key "container_network/$Name" -Entry $null
        return
    }
    Write-Verbose -Message ($script:strings.Making -f $Name, $chosen)
    New-PSNetNetwork -Name $Name -Mode $Mode -Backend $chosen -Bound $PSBoundParameters
    Set-PSNetLedgerEntry -Key "container_network/$Name" -Entry ([ordered]@{ name = $Name; mode = $Mode; backend = $chosen })
}

function Test-Lacking
{
    # Whether New-ContainerNetwork has no parameter for something that is declared.
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode
    )

    $beyond = @(@('Vlan', 'Vsid', 'MacPools') | Where-Object -FilterScript { @($Bound.Keys) -contains $_ })
    $many = (@($Bound.Keys) -contains 'Subnets') -and (@($Bound['Subnets']).Count -gt 1)
    return ($beyond.Count -gt 0) -or $many -or (@('nat', 'transparent', 'l2bridge', 'l2tunnel') -notcontains $Mode)
}

function Get-NetworkState
{
    # The properties of a network as the host has it, from one query of HNS.
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend
    )

    $state = @{
        Name = $Name
        Ensure = 'Absent'
        Backend = $Backend
        Mode = $null
        Subnets = @()
        DnsServers = @()
        DnsSuffix = $null
        Adapter = $null
        Vlan = $null
        Vsid = $null
        MacPools = @()
        Id = $null
    }
    $network = Find-PSNetNetwork -Name $Name -Backend $Backend
    if ($null -eq $network)
    {
        return $state
    }
    $servers = Get-PSNetProperty -InputObject $network -Name 'DNSServerList'
    # A VSID stands in the policies of the subnet (claim c53), a VLAN in those of the network.
    $policies = @(@($network) + @(Get-PSNetProperty -InputObject $network -Name 'Subnets') | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            Get-PSNetProperty -InputObject $_ -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ }
        })
    $state.Ensure = 'Present'
    $state.Id = $network.ID
    $state.Mode = ([System.String] $network.Type).ToLowerInvariant()
    $state.Subnets = @(Get-PSNetProperty -InputObject $network -Name 'Subnets' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            ConvertTo-PSNetText -Pairs ([ordered]@{
                    Prefix = Get-PSNetProperty -InputObject $_ -Name 'AddressPrefix'
                    Gateway = Get-PSNetProperty -InputObject $_ -Name 'GatewayAddress'
                })
        } | Where-Object -FilterScript { $_ -like 'Prefix=*' })
    $state.DnsServers = @("$servers".Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    $state.DnsSuffix = Get-PSNetProperty -InputObject $network -Name 'DNSSuffix'
    $state.Adapter = Get-PSNetProperty -InputObject $network -Name 'NetworkAdapterName'
    $state.Vlan = $policies | Where-Object -FilterScript { $_.Type -eq 'VLAN' } | ForEach-Object -Process { $_.VLAN } | Select-Object -First 1
    $state.Vsid = $policies | Where-Object -FilterScript { $_.Type -eq 'VSID' } | ForEach-Object -Process { $_.VSID } | Select-Object -First 1
    $state.MacPools = @(Get-PSNetProperty -InputObject $network -Name 'MacPools' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process {
            ConvertTo-PSNetText -Pairs ([ordered]@{
                    Start = Get-PSNetProperty -InputObject $_ -Name 'StartMacAddress'
                    End = Get-PSNetProperty -InputObject $_ -Name 'EndMacAddress'
                })
        })
    return $state
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
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Mode
    )

    $current = $State.Clone()
    $desired = [ordered]@{ Mode = $Mode }
    foreach ($name in @('DnsServers', 'DnsSuffix', 'Adapter', 'Vlan', 'Vsid'))
    {
        if (@($Bound.Keys) -contains $name)
        {
            $desired[$name] = $Bound[$name]
        }
    }
    if (@($Bound.Keys) -contains 'MacPools')
    {
        $desired['MacPools'] = @(ConvertFrom-PSNetMacPool -Text $Bound['MacPools'] | ForEach-Object -Process { ConvertTo-PSNetText -Pairs $_ })
    }
    if (@($Bound.Keys) -contains 'Subnets')
    {
        $wanted = @(ConvertFrom-PSNetSubnet -Text $Bound['Subnets'])
        $desired['Subnets'] = @($wanted | ForEach-Object -Process { ConvertTo-PSNetText -Pairs $_ })
        # A gateway that is not declared is not compared.
        $current['Subnets'] = @(for ($at = 0; $at -lt $State.Subnets.Count; $at++)
            {
                $there = ConvertFrom-PSNetText -Text $State.Subnets[$at] -Name 'Prefix', 'Gateway'
                if (($at -lt $wanted.Count) -and (@($wanted[$at].Keys) -notcontains 'Gateway'))
                {
                    $there.Remove('Gateway')
                }
                ConvertTo-PSNetText -Pairs $there
            })
    }
    Compare-PSNetState -Current $current -Desired $desired -IgnoreCase 'Mode', 'Subnets', 'DnsSuffix', 'Adapter'
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
