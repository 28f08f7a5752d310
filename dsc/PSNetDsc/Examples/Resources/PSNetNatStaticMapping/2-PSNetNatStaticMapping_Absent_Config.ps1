<#PSScriptInfo
.VERSION 1.0.0
.GUID ddb979a1-bc07-5b19-9eaa-faa3113e6079
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
        Takes away what 1-PSNetNatStaticMapping_Present_Config.ps1 made with PSNetNatStaticMapping.
#>
Configuration PSNetNatStaticMapping_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetNatStaticMapping 'http'
        {
            Protocol        = 'TCP'
            ExternalAddress = '0.0.0.0'
            ExternalPort    = '8080'
            Name            = 'http'
            Ensure          = 'Absent'
        }
    }
}
