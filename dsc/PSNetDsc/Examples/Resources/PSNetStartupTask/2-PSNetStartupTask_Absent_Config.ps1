<#PSScriptInfo
.VERSION 1.0.0
.GUID f6f57706-2cfd-5bd3-98b9-af815aaf50e3
.AUTHOR The psnet developers
.COMPANYNAME psnet
.COPYRIGHT (c) The psnet developers. MIT licence.
.TAGS DSCConfiguration
.LICENSEURI https://github.com/psnet/psnet/blob/main/LICENSE
.PROJECTURI https://github.com/psnet/psnet
.ICONURI
.EXTERNALMODULEDEPENDENCIES
.REQUIREDSCRIPTS
.EXTERNALSCRIPTDEPENDENCIES
.RELEASENOTES First release.
.PRIVATEDATA 2016-Datacenter, 2019-Datacenter, 2022-Datacenter
#>

#Requires -Module PSNetDsc

<#
    .DESCRIPTION
        Takes away what 1-PSNetStartupTask_Present_Config.ps1 made with PSNetStartupTask.
#>
Configuration PSNetStartupTask_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetStartupTask 'networks'
        {
            Name   = 'networks'
            Ensure = 'Absent'
        }
    }
}
