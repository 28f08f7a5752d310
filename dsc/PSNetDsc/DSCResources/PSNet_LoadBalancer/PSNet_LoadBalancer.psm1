# Load balancers of HNS: ELB policy lists over endpoints.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_LoadBalancer'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A virtual address and port in front of endpoints. A front is found by Vips, Protocol and ExternalPort.
        One that differs is removed and made again.

    .PARAMETER Vips
        The virtual addresses; several with a comma between.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalPort
        The port in front.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER InternalPort
        The port of the members; needed when Ensure is Present.

    .PARAMETER Members
        Endpoints by name, or containers by their ids; needed when Ensure is Present.

    .PARAMETER SourceVip
        The source address of what it forwards.

    .PARAMETER Internal
        ILB: reachable on this host only.

    .PARAMETER Dsr
        Direct server return.

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
        $Vips,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.UInt32]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.UInt32]
        $InternalPort,

        [Parameter()]
        [System.String[]]
        $Members,

        [Parameter()]
        [System.String]
        $SourceVip,

        [Parameter()]
        [System.Boolean]
        $Internal = $false,

        [Parameter()]
        [System.Boolean]
        $Dsr = $false
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-BalancerState -Name $Name -Vips (ConvertTo-Front -Vips $Vips) -Protocol $Protocol -ExternalPort $ExternalPort
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetLoadBalancer' -Bound $PSBoundParameters -Finds 'Vips', 'Protocol', 'ExternalPort', 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A virtual address and port in front of endpoints. A front is found by Vips, Protocol and ExternalPort.
        One that differs is removed and made again.

    .PARAMETER Vips
        The virtual addresses; several with a comma between.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalPort
        The port in front.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER InternalPort
        The port of the members; needed when Ensure is Present.

    .PARAMETER Members
        Endpoints by name, or containers by their ids; needed when Ensure is Present.

    .PARAMETER SourceVip
        The source address of what it forwards.

    .PARAMETER Internal
        ILB: reachable on this host only.

    .PARAMETER Dsr
        Direct server return.

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
        $Vips,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.UInt32]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.UInt32]
        $InternalPort,

        [Parameter()]
        [System.String[]]
        $Members,

        [Parameter()]
        [System.String]
        $SourceVip,

        [Parameter()]
        [System.Boolean]
        $Internal = $false,

        [Parameter()]
        [System.Boolean]
        $Dsr = $false
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-BalancerState -Name $Name -Vips (ConvertTo-Front -Vips $Vips) -Protocol $Protocol -ExternalPort $ExternalPort
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters -Internal $Internal -Dsr $Dsr).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A virtual address and port in front of endpoints. A front is found by Vips, Protocol and ExternalPort.
        One that differs is removed and made again.

    .PARAMETER Vips
        The virtual addresses; several with a comma between.

    .PARAMETER Protocol
        TCP or UDP.

    .PARAMETER ExternalPort
        The port in front.

    .PARAMETER Name
        The name that the host's ledger keeps it under.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER InternalPort
        The port of the members; needed when Ensure is Present.

    .PARAMETER Members
        Endpoints by name, or containers by their ids; needed when Ensure is Present.

    .PARAMETER SourceVip
        The source address of what it forwards.

    .PARAMETER Internal
        ILB: reachable on this host only.

    .PARAMETER Dsr
        Direct server return.
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Vips,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.UInt32]
        $ExternalPort,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.UInt32]
        $InternalPort,

        [Parameter()]
        [System.String[]]
        $Members,

        [Parameter()]
        [System.String]
        $SourceVip,

        [Parameter()]
        [System.Boolean]
        $Internal = $false,

        [Parameter()]
        [System.Boolean]
        $Dsr = $false
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetLoadBalancer $Name"
    try
    {
        $null = Protect-PSNetFolder
        $state = Get-BalancerState -Name $Name -Vips (ConvertTo-Front -Vips $Vips) -Protocol $Protocol -ExternalPort $ExternalPort
        if (($Ensure -eq 'Present') -and ($state.Ensure -eq 'Present') -and (@(Get-Difference -State $state -Bound $PSBoundParameters -Internal $Internal -Dsr $Dsr).Count -eq 0))
        {
            return
        }
        if ($state.Ensure -eq 'Present')
        {
            Write-Verbose -Message ($script:strings.Removing -f $Name)
            $null = Invoke-PSNetHns -Method DELETE -Path "/policylists/$($state.Id)"
        }
        if ($Ensure -eq 'Absent')
        {
            Set-PSNetLedgerEntry -Key "load_balancer/$Name" -Entry $null
            return
        }
        Assert-PSNetParameter -Bound $PSBoundParameters -Name 'InternalPort', 'Members'
        Write-Verbose -Message ($script:strings.Making -f $Name)
        $policy = [ordered]@{
            Type = 'ELB'
            Protocol = [System.Int32] @{ TCP = 6; UDP = 17 }[(ConvertTo-PSNetProtocol -Protocol $Protocol)]
            InternalPort = $InternalPort
            ExternalPort = $ExternalPort
            VIPs = @(ConvertTo-Front -Vips $Vips)
            ILB = $Internal
            IsDSR = $Dsr
        }
        if (@($PSBoundParameters.Keys) -contains 'SourceVip')
        {
            $policy.SourceVIP = $SourceVip
        }
        $references = @(Get-MemberId -Member $Members | ForEach-Object -Process { "/endpoints/$_" })
        $list = [ordered]@{ References = $references; Policies = @($policy) }
        $made = Invoke-PSNetHns -Method POST -Path '/policylists/' -Body (ConvertTo-Json -InputObject $list -Depth 10 -Compress)
        # HNS answers with success and need not keep what it was sent: it is read back, with its members.
        $kept = Invoke-PSNetHns -Method GET -Path "/policylists/$($made.ID)"
        $stored = @(Get-PSNetProperty -InputObject $kept -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
        Confirm-PSNetPolicy -Wanted @($policy) -Stored $stored -Name $Name
        $there = @(Get-PSNetProperty -InputObject $kept -Name 'References' | Where-Object -FilterScript { $null -ne $_ })
        Confirm-PSNetKept -Name $Name -Property @(if (@($references | Where-Object -FilterScript { $there -notcontains $_ }).Count -gt 0) { 'Members' })
        Set-PSNetLedgerEntry -Key "load_balancer/$Name" -Entry ([ordered]@{ name = $Name; vips = @(ConvertTo-Front -Vips $Vips); external_port = $ExternalPort })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The policy list with this front as the host has it, with the names of its endpoints.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Vips
        The addresses of the front, with commas between.

    .PARAMETER Protocol
        The protocol, by its name or number.

    .PARAMETER ExternalPort
        The port of the host.
#>
function Get-BalancerState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Vips,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.UInt32]
        $ExternalPort
    )

    $state = @{
        Name = $Name
        Vips = @($Vips) -join ', '
        Protocol = $Protocol
        ExternalPort = $ExternalPort
        Ensure = 'Absent'
        InternalPort = $null
        Members = @()
        SourceVip = $null
        Internal = $false
        Dsr = $false
        Id = $null
    }
    $number = @{ TCP = '6'; UDP = '17' }[(ConvertTo-PSNetProtocol -Protocol $Protocol)]
    foreach ($list in @(Invoke-PSNetHns -Method GET -Path '/policylists/'))
    {
        $policy = @(Get-PSNetProperty -InputObject $list -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'Type') -eq 'ELB') }) | Select-Object -First 1
        if (($null -eq $policy) -or ("$(Get-PSNetProperty -InputObject $policy -Name 'Protocol')" -ne $number) -or ((Get-PSNetProperty -InputObject $policy -Name 'ExternalPort') -ne $ExternalPort))
        {
            continue
        }
        $front = @(Get-PSNetProperty -InputObject $policy -Name 'VIPs' | Where-Object -FilterScript { $null -ne $_ })
        if (@($front | Where-Object -FilterScript { $Vips -contains $_ }).Count -eq 0)
        {
            continue
        }
        $names = @{}
        foreach ($endpoint in @(Invoke-PSNetHns -Method GET -Path '/endpoints/'))
        {
            $names[$endpoint.ID] = Get-PSNetProperty -InputObject $endpoint -Name 'Name'
        }
        $ids = @(Get-PSNetProperty -InputObject $list -Name 'References' | Where-Object -FilterScript { $null -ne $_ } | ForEach-Object -Process { ([System.String] $_).Replace('/endpoints/', '') })
        $state.Ensure = 'Present'
        $state.Id = $list.ID
        $state.Vips = $front -join ', '
        $state.InternalPort = Get-PSNetProperty -InputObject $policy -Name 'InternalPort'
        $state.SourceVip = Get-PSNetProperty -InputObject $policy -Name 'SourceVIP'
        $state.Internal = [System.Boolean] (Get-PSNetProperty -InputObject $policy -Name 'ILB')
        $state.Dsr = [System.Boolean] (Get-PSNetProperty -InputObject $policy -Name 'IsDSR')
        $state.Members = [System.String[]] @($ids | ForEach-Object -Process { if ($names.ContainsKey($_)) { $names[$_] } else { $_ } } | Sort-Object)
        return $state
    }
    return $state
}

<#
    .SYNOPSIS
        The virtual addresses of a text with commas between, each in its one spelling.

    .PARAMETER Vips
        The addresses of the front, with commas between.
#>
function ConvertTo-Front
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Vips
    )

    return @($Vips.Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' } | ForEach-Object -Process { ConvertTo-PSNetAddress -Address $_ })
}

<#
    .SYNOPSIS
        The names of the properties that the host has otherwise.

    .PARAMETER State
        The properties of the thing as the host has it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Internal
        Whether HNS has the load balancer as an internal one.

    .PARAMETER Dsr
        Whether HNS has the load balancer with direct server return.
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
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.Boolean]
        $Internal,

        [Parameter(Mandatory = $true)]
        [System.Boolean]
        $Dsr
    )

    $desired = [ordered]@{ Vips = @(ConvertTo-Front -Vips $Bound['Vips']) -join ', '; SourceVip = ''; Internal = $Internal; Dsr = $Dsr }
    foreach ($name in @('InternalPort', 'SourceVip'))
    {
        if (@($Bound.Keys) -contains $name)
        {
            $desired[$name] = $Bound[$name]
        }
    }
    if (@($Bound.Keys) -contains 'Members')
    {
        $known = @(Invoke-PSNetHns -Method GET -Path '/endpoints/')
        $desired['Members'] = @(foreach ($member in @($Bound['Members']))
            {
                $endpoint = Find-PSNetEndpoint -Name $member -Known $known
                if ($null -ne $endpoint) { $endpoint.Name } else { $member }
            }) | Sort-Object
    }
    Compare-PSNetState -Current $State -Desired $desired
}

<#
    .SYNOPSIS
        The ids of the members' endpoints.

    .PARAMETER Member
        Endpoints by name, or containers by their ids.
#>
function Get-MemberId
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Member
    )

    $known = @(Invoke-PSNetHns -Method GET -Path '/endpoints/')
    foreach ($item in $Member)
    {
        $endpoint = Find-PSNetEndpoint -Name $item -Known $known
        if ($null -eq $endpoint)
        {
            Write-Error -Message ($script:strings.NoEndpoint -f $item) -ErrorId 'PSNet.EndpointNotFound' -Category ObjectNotFound -TargetObject $item
        }
        $endpoint.ID
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
