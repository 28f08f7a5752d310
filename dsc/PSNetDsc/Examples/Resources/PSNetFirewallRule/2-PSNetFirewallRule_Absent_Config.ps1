<#PSScriptInfo
.VERSION 1.0.0
.GUID 01ed403a-6fba-5dac-b8e5-2361bcc67e78
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
        Takes away what 1-PSNetFirewallRule_Present_Config.ps1 made with PSNetFirewallRule.
#>
Configuration PSNetFirewallRule_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetFirewallRule 'web'
        {
            Name   = 'web'
            Ensure = 'Absent'
        }
    }
}
