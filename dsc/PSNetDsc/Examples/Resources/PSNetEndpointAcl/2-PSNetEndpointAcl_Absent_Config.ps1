<#PSScriptInfo
.VERSION 1.0.0
.GUID afa8e3be-2812-513a-810f-087317787223
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
        Takes away what 1-PSNetEndpointAcl_Present_Config.ps1 made with PSNetEndpointAcl.
#>
Configuration PSNetEndpointAcl_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetEndpointAcl 'app'
        {
            Endpoint = 'app'
            Ensure   = 'Absent'
        }
    }
}
