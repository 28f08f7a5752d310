# Endpoints on container networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_Endpoint'

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
    $state = Get-EndpointState -Name $Name
    $state.Remove('NetworkId')
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
        [ValidateSet('host')]
        [System.String]
        $Attach
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-EndpointState -Name $Name
    if ($state.Ensure -ne $Ensure)
    {
        Write-Verbose -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters).Count -eq 0)
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
        [ValidateSet('host')]
        [System.String]
        $Attach
    )

    $null = Protect-PSNetFolder
    $state = Get-EndpointState -Name $Name
    if (($Ensure -eq 'Present') -and ($state.Ensure -eq 'Present') -and (@(Get-Difference -State $state -Bound $PSBoundParameters).Count -eq 0))
    {
        return
    }
    if ($state.Ensure -eq 'Present')
    {
        Write-Verbose -Message ($script:strings.Removing -f $Name)
        $null = Invoke-PSNetHns -Method DELETE -Path "/endpoints/$($state.Id)"
    }
    if ($Ensure -eq 'Absent')
    {
        Set-PSNetLedgerEntry -Key "endpoint/$Name" -Entry $null
        return
    }
    Write-Verbose -Message ($script:strings.Making -f $Name)
    New-Endpoint -Name $Name -Bound $PSBoundParameters
    Set-PSNetLedgerEntry -Key "endpoint/$Name" -Entry ([ordered]@{ name = $Name; network = $Network })
}

function Get-EndpointState
{
    # The properties of an endpoint as the host has it, from one query of HNS.
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
        Network = $null
        Address = $null
        Mac = $null
        DnsServers = @()
        DnsSuffix = $null
        Attach = $null
        Id = $null
        NetworkId = $null
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
    $state.Id = $endpoint.ID
    $state.NetworkId = Get-PSNetProperty -InputObject $endpoint -Name 'VirtualNetwork'
    $state.Network = Get-PSNetProperty -InputObject $endpoint -Name 'VirtualNetworkName'
    $state.Address = Get-PSNetProperty -InputObject $endpoint -Name 'IPAddress'
    $state.Mac = "$(Get-PSNetProperty -InputObject $endpoint -Name 'MacAddress')".ToUpperInvariant()
    $state.DnsServers = @("$(Get-PSNetProperty -InputObject $endpoint -Name 'DNSServerList')".Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    $state.DnsSuffix = Get-PSNetProperty -InputObject $endpoint -Name 'DNSSuffix'
    if ([System.String]::IsNullOrEmpty($machine) -and (($containers.Count -gt 0) -or $attached))
    {
        $state.Attach = 'host'
    }
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
        $Bound
    )

    $desired = [ordered]@{}
    foreach ($name in @('Network', 'Address', 'Mac', 'DnsServers', 'DnsSuffix', 'Attach'))
    {
        if (@($Bound.Keys) -contains $name)
        {
            $desired[$name] = $Bound[$name]
        }
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

function New-Endpoint
{
    # Makes an endpoint on its network, and an adapter of the host for it where that is declared.
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
    $endpoint = [ordered]@{ Name = $Name; VirtualNetwork = $network.ID }
    if (@($Bound.Keys) -contains 'Address')
    {
        $endpoint.IPAddress = $Bound['Address']
    }
    if (@($Bound.Keys) -contains 'Mac')
    {
        $endpoint.MacAddress = $Bound['Mac'].Replace(':', '-').ToUpperInvariant()
    }
    if ((@($Bound.Keys) -contains 'DnsServers') -and (@($Bound['DnsServers']).Count -gt 0))
    {
        $endpoint.DNSServerList = @($Bound['DnsServers']) -join ','
    }
    if (@($Bound.Keys) -contains 'DnsSuffix')
    {
        $endpoint.DNSSuffix = $Bound['DnsSuffix']
    }
    $made = Invoke-PSNetHns -Method POST -Path '/endpoints/' -Body (ConvertTo-Json -InputObject $endpoint -Depth 10 -Compress)
    if (@($Bound.Keys) -contains 'Attach')
    {
        $attachment = [ordered]@{ SystemType = 'Host'; CompartmentId = 1 }
        $null = Invoke-PSNetHns -Method POST -Path "/endpoints/$($made.ID)/attach" -Body (ConvertTo-Json -InputObject $attachment -Depth 10 -Compress)
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
