<#PSScriptInfo
.VERSION 1.0.0
.GUID e80e88ec-0d4f-5621-8494-d448580f92ca
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
        Makes what PSNetEndpointAcl stands for, and what it needs.
#>
Configuration PSNetEndpointAcl_Present_Config
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

        PSNetEndpointAcl 'app'
        {
            Endpoint  = 'app'
            Ensure    = 'Present'
            Rules     = @('Action=Allow; Protocols=TCP; LocalPorts=80; Priority=100; Direction=In; RuleType=Switch', 'Action=Block; Priority=200; Direction=In; RuleType=Switch')
            DependsOn = @('[PSNetEndpoint]app')
        }
    }
}
