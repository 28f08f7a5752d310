<#PSScriptInfo
.VERSION 1.0.0
.GUID a0fe54c5-d6a5-5f73-b88e-93ee01b17b4d
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
        Takes away what 1-PSNetNetworkAcl_Present_Config.ps1 made with PSNetNetworkAcl.
#>
Configuration PSNetNetworkAcl_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetNetworkAcl 'flat'
        {
            Network = 'flat'
            Ensure  = 'Absent'
        }
    }
}
