<#PSScriptInfo
.VERSION 1.0.0
.GUID 40241a92-55a0-5cdf-b6fe-9f6c6e08f5bb
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
        Makes what PSNetNatStaticMapping stands for, and what it needs.
#>
Configuration PSNetNatStaticMapping_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetNat 'web'
        {
            Name   = 'web'
            Ensure = 'Present'
            Prefix = '172.20.0.0/24'
            Switch = 'web'
        }

        PSNetNatStaticMapping 'http'
        {
            Protocol        = 'TCP'
            ExternalAddress = '0.0.0.0'
            ExternalPort    = '8080'
            Name            = 'http'
            Ensure          = 'Present'
            Network         = 'web'
            InternalAddress = '172.20.0.10'
            InternalPort    = '80'
            DependsOn       = @('[PSNetNat]web')
        }
    }
}
