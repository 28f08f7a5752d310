<#PSScriptInfo
.VERSION 1.0.0
.GUID ff6650ad-3137-5af7-8e35-fdc174551e04
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
        Makes what PSNetEndpointOutboundNat stands for, and what it needs.
#>
Configuration PSNetEndpointOutboundNat_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetContainerNetwork 'flat'
        {
            Name    = 'flat'
            Ensure  = 'Present'
            Mode    = 'l2bridge'
            Subnets = @('Prefix=10.44.0.0/24')
            Adapter = 'Ethernet 2'
            Backend = 'hns'
        }

        PSNetEndpoint 'app'
        {
            Name       = 'app'
            Ensure     = 'Present'
            Network    = 'flat'
            Address    = '10.44.0.10'
            Forwarding = $false
            Remote     = $false
            DependsOn  = @('[PSNetContainerNetwork]flat')
        }

        PSNetEndpointOutboundNat 'app'
        {
            Endpoint   = 'app'
            Ensure     = 'Present'
            Exceptions = @('10.0.0.0/8')
            DependsOn  = @('[PSNetEndpoint]app')
        }
    }
}
