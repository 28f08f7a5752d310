# Endpoints and their policies.

<#
    .SYNOPSIS
        Returns the endpoint of a name, or the one of the container of that name; nothing when there is none.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Known
        The endpoints of HNS, when they have been read already.
#>
function Find-PSNetEndpoint
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [AllowNull()]
        [System.Object[]]
        $Known
    )

    if ($null -eq $Known)
    {
        $Known = @(Invoke-PSNetHns -Method GET -Path '/endpoints/')
    }
    return $Known | Where-Object -FilterScript {
        ((Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name) -or (@(Get-PSNetProperty -InputObject $_ -Name 'SharedContainers') -contains $Name)
    } | Select-Object -First 1
}

<#
    .SYNOPSIS
        Returns the policies of one type that an endpoint has, in their order.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Type
        The type of the policies, such as QOS.
#>
function Get-PSNetEndpointPolicy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type
    )

    Write-Verbose -Message ($script:strings.ReadingPolicy -f $Type, $Endpoint)
    $found = Find-PSNetEndpoint -Name $Endpoint
    $all = @(Get-PSNetProperty -InputObject $found -Name 'Policies' | Where-Object -FilterScript { $null -ne $_ })
    $implied = if ($Type -eq 'ROUTE') { Get-PSNetImpliedRoute -Policy $all }
    return $all | Where-Object -FilterScript { ($_.Type -eq $Type) -and (($null -eq $implied) -or (-not [System.Object]::ReferenceEquals($_, $implied))) }
}

<#
    .SYNOPSIS
        The one spelling of a policy: its fields in order, without empty ones and zeros (HNS adds some of its
        own, such as an ACL's Scope), lists of words sorted.

    .PARAMETER Policy
        Policies, as HNS has them.
#>
function ConvertTo-PSNetPolicyText
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Object]
        $Policy
    )

    $fields = @{}
    if ($Policy -is [System.Collections.IDictionary])
    {
        foreach ($key in @($Policy.Keys))
        {
            $fields[$key] = $Policy[$key]
        }
    }
    else
    {
        foreach ($property in @($Policy.PSObject.Properties))
        {
            $fields[$property.Name] = $property.Value
        }
    }
    $parts = @(foreach ($key in @($fields.Keys | Sort-Object))
        {
            $value = $fields[$key]
            if (($null -eq $value) -or ($value -is [System.Boolean] -and (-not $value)) -or (@($value).Count -eq 0) -or ([System.String] $value -in @('', '0')))
            {
                continue
            }
            if ($value -is [System.Array])
            {
                "$key=[$(@($value) -join ' ')]"
            }
            elseif (([System.String] $value).Contains(','))
            {
                "$key=$(@(([System.String] $value).Split(',') | ForEach-Object -Process { $_.Trim() } | Sort-Object) -join ',')"
            }
            else
            {
                "$key=$value"
            }
        })
    return $parts -join '; '
}

<#
    .SYNOPSIS
        Whether an endpoint has exactly these policies of a type, or none when they should be absent.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Ensure
        Present or Absent, as it is declared.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Policy
        Policies, as HNS has them.
#>
function Test-PSNetEndpointPolicy
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Ensure,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy
    )

    $present = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type $Type)
    if ($Ensure -eq 'Absent')
    {
        if ($present.Count -gt 0)
        {
            Write-PSNetDifference -Message ($script:strings.Differs -f 'Ensure', 'Present', $Ensure)
        }
        return $present.Count -eq 0
    }
    $current = @{ Policies = @($present | ForEach-Object -Process { ConvertTo-PSNetPolicyText -Policy $_ }) }
    $desired = @{ Policies = @($Policy | ForEach-Object -Process { ConvertTo-PSNetPolicyText -Policy $_ }) }
    return @(Compare-PSNetState -Current $current -Desired $desired).Count -eq 0
}

<#
    .SYNOPSIS
        Gives an endpoint exactly these policies of a type, or takes them all away; other types stay.

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Ensure
        Present or Absent, as it is declared.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Kind
        The kind of the thing in the ledger.

    .PARAMETER Policy
        Policies, as HNS has them.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.
#>
function Update-PSNetEndpointPolicy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Ensure,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Kind,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy,

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints'
    )

    $lease = Lock-PSNetHost -Work "$Kind $Endpoint"
    try
    {
        $null = Protect-PSNetFolder
        if (Test-PSNetEndpointPolicy -Endpoint $Endpoint -Ensure $Ensure -Type $Type -Policy $Policy)
        {
            return
        }
        if ($Ensure -eq 'Absent')
        {
            Write-Verbose -Message ($script:strings.RemovingPolicy -f $Type, $Endpoint)
            Set-PSNetPolicyOf -Endpoint $Endpoint -Type $Type -Policy @() -AllowDowntime $AllowDowntime
            Set-PSNetLedgerEntry -Key "$Kind/$Endpoint" -Entry $null
            return
        }
        Write-Verbose -Message ($script:strings.SettingPolicy -f $Type, $Endpoint)
        Set-PSNetPolicyOf -Endpoint $Endpoint -Type $Type -Policy $Policy -AllowDowntime $AllowDowntime
        Set-PSNetLedgerEntry -Key "$Kind/$Endpoint" -Entry ([ordered]@{ endpoint = $Endpoint })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        Sets the policies of one type. Limits, outbound NAT and routes go into the create document of an
        endpoint that PSNetEndpoint made, which is made again with them: public code sends them then and never
        later (hcn.md 4).

    .PARAMETER Endpoint
        The endpoint, by its name or its container's id.

    .PARAMETER Type
        The type of the policies, such as QOS.

    .PARAMETER Policy
        Policies, as HNS has them.

    .PARAMETER AllowDowntime
        What may go with a change: none, endpoints or all.
#>
function Set-PSNetPolicyOf
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Endpoint,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Type,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy,

        [Parameter()]
        [ValidateSet('none', 'endpoints', 'all')]
        [System.String]
        $AllowDowntime = 'endpoints'
    )

    $named = @($Policy | Where-Object -FilterScript { "$($_['LocalAddresses']),$($_['RemoteAddresses'])" -like '*psnet-*' })
    if (($Type -eq 'ACL') -and (Test-PSNetHcn) -and (($named.Count -gt 0) -or (@(Get-PSNetHcnPolicy -Kind Endpoint -Id (Get-PSNetEndpoint -Name $Endpoint).ID | Where-Object -FilterScript { $_.Type -eq 'TierAcl' }).Count -gt 0)))
    {
        # HNS v1 knows no sets, and would take the tiers away.
        $rules = @(foreach ($item in $Policy)
            {
                $settings = [ordered]@{}
                foreach ($name in @($item.Keys | Where-Object -FilterScript { $_ -ne 'Type' }))
                {
                    $settings[$name] = $item[$name]
                }
                [ordered]@{ Type = 'ACL'; Settings = $settings }
            })
        Set-PSNetHcnEndpointPolicy -Name $Endpoint -Type $Type -Policies $rules
        return
    }
    $own = @((Get-PSNetLedger).Keys) -contains "endpoint/$Endpoint"
    if ((-not $own) -or ($Type -notin @('QOS', 'OutBoundNAT', 'ROUTE')))
    {
        Set-PSNetEndpointPolicy -Name $Endpoint -Type $Type -Policies $Policy
        return
    }
    $there = Get-PSNetEndpoint -Name $Endpoint
    if (Test-PSNetHcnEndpoint -Name $Endpoint)
    {
        # HCN's form of it is read back where it is made.
        $kept = @(Get-PSNetProperty -InputObject $there -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -ne $Type) })
        Reset-PSNetOwnEndpoint -Endpoint $there -Policies @($kept + $Policy) -AllowDowntime $AllowDowntime
        return
    }
    $kept = @(Get-PSNetProperty -InputObject $there -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'Type') -ne $Type) })
    Reset-PSNetOwnEndpoint -Endpoint $there -Policies @($kept + $Policy) -AllowDowntime $AllowDowntime
    $stored = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type $Type)
    Confirm-PSNetPolicy -Wanted $Policy -Stored $stored -Name $Endpoint
}

<#
    .SYNOPSIS
        The route that HNS makes beside a port that the host itself is let in by (record b20); nothing where
        there is none.

    .PARAMETER Policy
        Policies, as HNS has them.
#>
function Get-PSNetImpliedRoute
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy
    )

    $local = @($Policy | Where-Object -FilterScript { ((Get-PSNetProperty -InputObject $_ -Name 'Type') -eq 'NAT') -and (Get-PSNetProperty -InputObject $_ -Name 'Flags') })
    if ($local.Count -gt 0)
    {
        $Policy | Where-Object -FilterScript {
            ((Get-PSNetProperty -InputObject $_ -Name 'Type') -eq 'ROUTE') -and ("$(Get-PSNetProperty -InputObject $_ -Name 'DestinationPrefix')" -like '*/32') -and (Get-PSNetProperty -InputObject $_ -Name 'NeedEncap')
        } | Select-Object -Last 1
    }
}

<#
    .SYNOPSIS
        Whether psnet made an endpoint by the Host Compute Network, as the ledger says.

    .PARAMETER Name
        The name of the thing.
#>
function Test-PSNetHcnEndpoint
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $Name
    )

    $ledger = Get-PSNetLedger
    if (@($ledger.Keys) -notcontains "endpoint/$Name")
    {
        return $false
    }
    return (Get-PSNetProperty -InputObject $ledger["endpoint/$Name"] -Name 'backend') -eq 'hcn'
}

<#
    .SYNOPSIS
        Those policies of a create document, as HNS v1 writes them, in HCN's form; policies of other types are
        left out.

    .PARAMETER Policy
        Policies, as HNS has them.

    .PARAMETER Flags
        1 lets the host itself in by a published port.
#>
function ConvertTo-PSNetHcnPolicy
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Object[]]
        $Policy,

        [Parameter()]
        [System.Int32]
        $Flags = 0
    )

    # v1 type, v2 type, and pairs of v1 and v2 fields.
    $forms = @{
        QOS = @('QOS', @('MaximumOutgoingBandwidthInBytes', 'MaximumOutgoingBandwidthInBytes'))
        OutBoundNAT = @('OutBoundNAT', @('VIP', 'VirtualIP'), @('ExceptionList', 'Exceptions'), @('Destinations', 'Destinations'))
        ROUTE = @('SDNRoute', @('DestinationPrefix', 'DestinationPrefix'), @('NextHop', 'NextHop'), @('NeedEncap', 'NeedEncap'))
        PA = @('ProviderAddress', @('PA', 'ProviderAddress'))
        NAT = @('PortMapping', @('InternalPort', 'InternalPort'), @('ExternalPort', 'ExternalPort'), @('VIP', 'VIP'))
    }
    $plain = @($Policy | ForEach-Object -Process { if ($_ -is [System.Collections.IDictionary]) { [PSCustomObject] $_ } else { $_ } })
    $implied = Get-PSNetImpliedRoute -Policy $plain
    foreach ($item in $plain)
    {
        $type = "$(Get-PSNetProperty -InputObject $item -Name 'Type')"
        if ((-not $forms.ContainsKey($type)) -or (($null -ne $implied) -and [System.Object]::ReferenceEquals($item, $implied)))
        {
            continue
        }
        $settings = [ordered]@{}
        if ($type -eq 'NAT')
        {
            $settings['Protocol'] = if ((ConvertTo-PSNetProtocol -Protocol "$(Get-PSNetProperty -InputObject $item -Name 'Protocol')") -eq 'UDP') { 17 } else { 6 }
        }
        foreach ($pair in @($forms[$type] | Select-Object -Skip 1))
        {
            # Not through a function, which would make a list of one what is in it.
            $property = $item.PSObject.Properties[$pair[0]]
            $value = if ($null -ne $property) { , $property.Value }
            if (($null -ne $value) -and (-not [System.String]::IsNullOrEmpty("$value")))
            {
                $settings[$pair[1]] = $value
            }
        }
        if (($type -eq 'NAT') -and ($Flags -ne 0))
        {
            $settings['Flags'] = $Flags
        }
        [ordered]@{ Type = $forms[$type][0]; Settings = $settings }
    }
}

<#
    .SYNOPSIS
        Whether HNS takes lists of protocols, addresses and ports in an ACL: from 7.2 on, the first that tells
        its version.
#>
function Test-PSNetAclList
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param ()

    $answer = Invoke-PSNetHns -Method GET -Path '/globals/version' -ErrorAction SilentlyContinue
    $version = Get-PSNetProperty -InputObject $answer -Name 'Version'
    if ($null -eq $version)
    {
        return $false
    }
    return ([System.Version] ('{0}.{1}' -f $version.Major, $version.Minor)) -ge ([System.Version] '7.2')
}

<#
    .SYNOPSIS
        A rule with the single numbers that an HNS before 7.2 has; one that needs more is refused: it would
        allow more.

    .PARAMETER Policy
        Policies, as HNS has them.
#>
function ConvertTo-PSNetNumericAcl
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Policy
    )

    $made = [ordered]@{}
    foreach ($name in @($Policy.Keys))
    {
        $value = $Policy[$name]
        if ($name -in @('Protocols', 'LocalPorts', 'RemotePorts') -and ($value -match '^\d+$'))
        {
            $made[$name.TrimEnd('s')] = [System.Int32] $value
        }
        elseif ($name -in @('Protocols', 'LocalPorts', 'RemotePorts', 'LocalAddresses', 'RemoteAddresses'))
        {
            Write-Error -Message ($script:strings.AclLists -f $name, $value) -ErrorId 'PSNet.AclLists' -Category NotImplemented -TargetObject $name
        }
        else
        {
            $made[$name] = $value
        }
    }
    return $made
}
