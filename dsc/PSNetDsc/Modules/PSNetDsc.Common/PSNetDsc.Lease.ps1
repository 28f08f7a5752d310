# One psnet works on a host at a time: Set waits for whoever works there, and holds the host while it changes it.

# How often Set asks for the host, with two seconds between: for a minute.
$script:leaseAttempts = 30

<#
    .SYNOPSIS
        Takes the lease of this host, which psnet apply takes too, and returns who holds it now; nothing where a
        run of this Local Configuration Manager that psnet dsc started holds it already.

    .PARAMETER Work
        What Set works on.
#>
function Lock-PSNetHost
{
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Work
    )

    $holder = [ordered]@{
        id = [System.Guid]::NewGuid().ToString()
        run = "DSC, $Work"
        user = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
        controller = [System.String] $env:COMPUTERNAME
    }
    for ($attempt = 1; $true; $attempt++)
    {
        $last = Get-PSNetLease
        if (($null -ne $last) -and $last['held'] -and ($last['id'] -like 'lcm-*'))
        {
            return
        }
        try
        {
            Set-PSNetLease -Holder $holder -Seconds 300
            return $holder
        }
        catch
        {
            if (($_.FullyQualifiedErrorId -notlike 'PSNet.HostBusy*') -or ($attempt -ge $script:leaseAttempts))
            {
                throw
            }
            if ($attempt -eq 1)
            {
                Write-Warning -Message ($script:strings.Waiting -f [System.String] $_)
            }
        }
        Start-Sleep -Seconds 2
    }
}

<#
    .SYNOPSIS
        Gives the lease of this host back.

    .PARAMETER Lease
        Who holds the host, as Lock-PSNetHost returns it.
#>
function Unlock-PSNetHost
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Collections.Specialized.OrderedDictionary]
        $Lease
    )

    if ($null -ne $Lease)
    {
        Set-PSNetLease -Holder $Lease -Seconds 0
    }
}

<#
    .SYNOPSIS
        Who works on this host now, as a reason; nothing when nobody does.
#>
function Get-PSNetBusyReason
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param ()

    $last = Get-PSNetLease
    if (($null -ne $last) -and $last['held'])
    {
        $who = "$($last['user']) on $($last['controller'])"
        if (-not [System.String]::IsNullOrEmpty($last['run']))
        {
            $who = "$who (run $($last['run']))"
        }
        return @{ Code = 'HostBusy'; Phrase = $script:strings.Busy -f $who, $last['until'], (2 * $script:leaseAttempts) }
    }
}
