<#PSScriptInfo
.VERSION 1.0.0
.GUID 82dfeb8a-4149-5f7b-a21f-e3f42da62fd6
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
        Makes what PSNetEndpointRoute stands for, and what it needs.
#>
Configuration PSNetEndpointRoute_Present_Config
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

        PSNetEndpointRoute 'app'
        {
            Endpoint  = 'app'
            Ensure    = 'Present'
            Routes    = @('Destination=10.96.0.0/12; Encapsulate=True')
            DependsOn = @('[PSNetEndpoint]app')
        }
    }
}
