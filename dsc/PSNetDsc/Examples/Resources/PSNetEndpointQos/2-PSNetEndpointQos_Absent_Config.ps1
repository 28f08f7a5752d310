<#PSScriptInfo
.VERSION 1.0.0
.GUID b8a3a007-40c7-5340-ae7a-130bfccbbbe8
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
        Takes away what 1-PSNetEndpointQos_Present_Config.ps1 made with PSNetEndpointQos.
#>
Configuration PSNetEndpointQos_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetEndpointQos 'app'
        {
            Endpoint = 'app'
            Ensure   = 'Absent'
        }
    }
}
