# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_EndpointQos\PSNet_EndpointQos.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Endpoint = 'app' }
    $declared = @{ Endpoint = 'app'; Ensure = 'Present'; MaximumOutgoingBandwidth = 12500000 }
    $otherwise = @{ Endpoint = 'app'; Ensure = 'Present'; MaximumOutgoingBandwidth = 1000 }
    $absent = @{ Endpoint = 'app'; Ensure = 'Absent'; MaximumOutgoingBandwidth = 12500000 }
}

AfterAll {
    Remove-Module -Name 'PSNet_EndpointQos'
}

Describe 'PSNetEndpointQos' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_EndpointQos' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_EndpointQos' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNet_EndpointQos' -MockWith { $true }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNetDsc.Common' -MockWith { $true }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNet_EndpointQos' -MockWith { $false }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNetDsc.Common' -MockWith { $false }
            Mock -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_EndpointQos\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_EndpointQos\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_EndpointQos\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_EndpointQos\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_EndpointQos\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -ParameterFilter { ($Name -eq 'app') -and ($Type -eq 'QOS') -and (@($Policies).Count -gt 0) } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_EndpointQos\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_EndpointQos' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_EndpointQos' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_EndpointQos' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNet_EndpointQos' -MockWith { ConvertFrom-Json -InputObject '[{"Type":"QOS","MaximumOutgoingBandwidthInBytes":12500000}]' | ForEach-Object -Process { $_ } }
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith { ConvertFrom-Json -InputObject '[{"Type":"QOS","MaximumOutgoingBandwidthInBytes":12500000}]' | ForEach-Object -Process { $_ } }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNet_EndpointQos' -MockWith { $true }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNetDsc.Common' -MockWith { $true }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNet_EndpointQos' -MockWith { $false }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNetDsc.Common' -MockWith { $false }
            Mock -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_EndpointQos\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_EndpointQos\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_EndpointQos\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_EndpointQos\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_EndpointQos\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_EndpointQos\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -ParameterFilter { ($Name -eq 'app') -and ($Type -eq 'QOS') -and (@($Policies).Count -eq 0) } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_EndpointQos\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_EndpointQos\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetEndpointQos:PSNetEndpointQos:Policies'
        }
    }
}
