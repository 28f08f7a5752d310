<#PSScriptInfo
.VERSION 1.0.0
.GUID e9c49f47-00af-583b-8b48-0469e9fc7735
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
        Takes away what 1-PSNetEndpointRoute_Present_Config.ps1 made with PSNetEndpointRoute.
#>
Configuration PSNetEndpointRoute_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetEndpointRoute 'app'
        {
            Endpoint = 'app'
            Ensure   = 'Absent'
        }
    }
}
