<#PSScriptInfo
.VERSION 1.0.0
.GUID de393dcc-e6fb-5ebf-a410-01a337ca2008
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
        Takes away what 1-PSNetIpSet_Present_Config.ps1 made with PSNetIpSet.
#>
Configuration PSNetIpSet_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetIpSet 'web'
        {
            Network = 'flat'
            Name    = 'web'
            Ensure  = 'Absent'
        }
    }
}
