# Start-up tasks that make nat networks and their mappings again.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_StartupTask'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        The task psnet-reapply-<name>: at each start of the host it makes the declared nat networks again. From
        Windows Server 2019 on nat networks of HNS go at a restart (claims c97, c98); this task makes them
        again. The script lies in C:\ProgramData\psnet\reapply, where only SYSTEM and administrators may write;
        psnet dsc compile writes it from the site (reapply:). A task that is disabled, or whose script is gone,
        is absent.

    .PARAMETER Name
        Name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Script
        What runs as SYSTEM at each start of the host; psnet dsc compile writes it from the site; needed when
        Ensure is Present.

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
        [System.String]
        $Script
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-TaskState -Name $Name
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetStartupTask' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        The task psnet-reapply-<name>: at each start of the host it makes the declared nat networks again. From
        Windows Server 2019 on nat networks of HNS go at a restart (claims c97, c98); this task makes them
        again. The script lies in C:\ProgramData\psnet\reapply, where only SYSTEM and administrators may write;
        psnet dsc compile writes it from the site (reapply:). A task that is disabled, or whose script is gone,
        is absent.

    .PARAMETER Name
        Name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Script
        What runs as SYSTEM at each start of the host; psnet dsc compile writes it from the site; needed when
        Ensure is Present.

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
        [System.String]
        $Script
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-TaskState -Name $Name
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    if ($Ensure -eq 'Absent')
    {
        return $true
    }
    Assert-PSNetParameter -Bound $PSBoundParameters -Name 'Script'
    if ((ConvertTo-ScriptText -Text $state.Script) -cne (ConvertTo-ScriptText -Text $Script))
    {
        # The whole texts would say less than what they come to.
        Write-PSNetDifference -Message ($script:strings.OtherScript -f $Name) -Code 'Script'
        return $false
    }
    return $true
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        The task psnet-reapply-<name>: at each start of the host it makes the declared nat networks again. From
        Windows Server 2019 on nat networks of HNS go at a restart (claims c97, c98); this task makes them
        again. The script lies in C:\ProgramData\psnet\reapply, where only SYSTEM and administrators may write;
        psnet dsc compile writes it from the site (reapply:). A task that is disabled, or whose script is gone,
        is absent.

    .PARAMETER Name
        Name.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Script
        What runs as SYSTEM at each start of the host; psnet dsc compile writes it from the site; needed when
        Ensure is Present.
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
        [System.String]
        $Script
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetStartupTask $Name"
    try
    {
        $folder = Protect-PSNetFolder -Child 'reapply'
        $task = Get-TaskName -Name $Name
        $path = Join-Path -Path $folder -ChildPath "$Name.ps1"
        if ($Ensure -eq 'Absent')
        {
            if (@(Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue).Count -gt 0)
            {
                Write-Verbose -Message ($script:strings.Removing -f $Name)
                Unregister-ScheduledTask -TaskName $task -Confirm:$false
            }
            if (Test-Path -LiteralPath $path -PathType Leaf)
            {
                Remove-Item -LiteralPath $path -Force
            }
            Set-PSNetLedgerEntry -Key "reapply/$Name" -Entry $null
            return
        }
        Assert-PSNetParameter -Bound $PSBoundParameters -Name 'Script'
        Write-Verbose -Message ($script:strings.Making -f $Name)
        $text = $Script.Replace("`r`n", "`n")
        Set-PSNetFile -Path $path -Value $text
        $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File ""$path"""
        $principal = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType ServiceAccount -RunLevel Highest
        # By default batteries keep a task from starting.
        $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
        $null = Register-ScheduledTask -TaskName $task -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -Principal $principal -Settings $settings -Force
        Set-PSNetLedgerEntry -Key "reapply/$Name" -Entry ([ordered]@{ name = $Name; hash = Get-TextHash -Text $text })
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The name of the task in the Task Scheduler; what cannot be a file of psnet's folder is refused.

    .PARAMETER Name
        The name of the thing.
#>
function Get-TaskName
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    if ($Name -notmatch '^[A-Za-z0-9][A-Za-z0-9_. -]*$')
    {
        Write-Error -Message ($script:strings.BadName -f $Name) -ErrorId 'PSNet.BadName' -Category InvalidArgument -TargetObject $Name
    }
    return "psnet-reapply-$Name"
}

<#
    .SYNOPSIS
        The properties of a task as the host has it; one that is disabled, or whose script is gone, is absent.

    .PARAMETER Name
        The name of the thing.
#>
function Get-TaskState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $state = @{ Name = $Name; Ensure = 'Absent'; Script = $null }
    $tasks = @(Get-ScheduledTask -TaskName (Get-TaskName -Name $Name) -ErrorAction SilentlyContinue | Where-Object -FilterScript { [System.String] $_.State -ne 'Disabled' })
    $path = Join-Path -Path $env:ProgramData -ChildPath "psnet\reapply\$Name.ps1"
    if (($tasks.Count -gt 0) -and (Test-Path -LiteralPath $path -PathType Leaf))
    {
        $state.Ensure = 'Present'
        $state.Script = ConvertTo-ScriptText -Text ([System.IO.File]::ReadAllText($path))
    }
    return $state
}

<#
    .SYNOPSIS
        A script with one kind of line ends and none at its end, so that they never make a difference.

    .PARAMETER Text
        The script.
#>
function ConvertTo-ScriptText
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [System.String]
        $Text
    )

    return $Text.Replace("`r`n", "`n").TrimEnd("`n")
}

<#
    .SYNOPSIS
        SHA-256 of a text in lower-case hexadecimal digits, as the ledger keeps it.

    .PARAMETER Text
        The text.
#>
function Get-TextHash
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Text
    )

    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    try
    {
        $bytes = $algorithm.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Text))
    }
    finally
    {
        $algorithm.Dispose()
    }
    return [System.BitConverter]::ToString($bytes).Replace('-', '').ToLowerInvariant()
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
