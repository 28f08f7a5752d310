<#PSScriptInfo
.VERSION 1.0.0
.GUID 4c660971-a3c8-5faf-86ba-c4d4c8bb0c0e
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
        Takes away what 1-PSNetContainerNetwork_Present_Config.ps1 made with PSNetContainerNetwork.
#>
Configuration PSNetContainerNetwork_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetContainerNetwork 'web'
        {
            Name   = 'web'
            Ensure = 'Absent'
        }
    }
}
