# Endpoints and their policies.

function Find-PSNetEndpoint
{
    # Returns the endpoint of a name, or the one of the container of that name; nothing when there is none.
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

function Get-PSNetEndpointPolicy
{
    # Returns the policies of one type that an endpoint has, in their order.
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
    return Get-PSNetProperty -InputObject $found -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -eq $Type) }
}

function ConvertTo-PSNetPolicyText
{
    # The one spelling of a policy: its fields in order, without empty ones and zeros (HNS adds some of its own, such as
    # an ACL's Scope), lists of words sorted.
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

function Test-PSNetEndpointPolicy
{
    # Whether an endpoint has exactly these policies of a type, or none when they should be absent.
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

function Update-PSNetEndpointPolicy
{
    # Gives an endpoint exactly these policies of a type, or takes them all away; other types stay.
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
        [System.Boolean]
        $AllowDowntime = $false
    )

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

function Set-PSNetPolicyOf
{
    # Sets the policies of one type. Limits, outbound NAT and routes go into the create document of an endpoint that
    # PSNetEndpoint made, which is made again with them: public code sends them then and never later (hcn.md 4).
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
        [System.Boolean]
        $AllowDowntime = $false
    )

    $own = @((Get-PSNetLedger).Keys) -contains "endpoint/$Endpoint"
    if ((-not $own) -or ($Type -notin @('QOS', 'OutBoundNAT', 'ROUTE')))
    {
        Set-PSNetEndpointPolicy -Name $Endpoint -Type $Type -Policies $Policy
        return
    }
    $there = Get-PSNetEndpoint -Name $Endpoint
    $kept = @(Get-PSNetProperty -InputObject $there -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ((Get-PSNetProperty -InputObject $_ -Name 'Type') -ne $Type) })
    Reset-PSNetOwnEndpoint -Endpoint $there -Policies @($kept + $Policy) -AllowDowntime $AllowDowntime
    $stored = @(Get-PSNetEndpointPolicy -Endpoint $Endpoint -Type $Type)
    Confirm-PSNetPolicy -Wanted $Policy -Stored $stored -Name $Endpoint
}

function Test-PSNetAclList
{
    # Whether HNS takes lists of protocols, addresses and ports in an ACL: from 7.2 on, the first that tells its version.
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

function ConvertTo-PSNetNumericAcl
{
    # A rule with the single numbers that an HNS before 7.2 has; one that needs more is refused: it would allow more.
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
