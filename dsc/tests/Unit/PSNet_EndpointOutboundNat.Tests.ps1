# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_EndpointOutboundNat\PSNet_EndpointOutboundNat.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Endpoint = 'app' }
    $declared = @{ Endpoint = 'app'; Ensure = 'Present'; Exceptions = @('10.0.0.0/8') }
    $otherwise = @{ Endpoint = 'app'; Ensure = 'Present'; Exceptions = @('10.1.0.0/16') }
    $absent = @{ Endpoint = 'app'; Ensure = 'Absent'; Exceptions = @('10.0.0.0/8') }
}

AfterAll {
    Remove-Module -Name 'PSNet_EndpointOutboundNat'
}

Describe 'PSNetEndpointOutboundNat' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { $true }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNetDsc.Common' -MockWith { $true }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { $false }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNetDsc.Common' -MockWith { $false }
            Mock -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_EndpointOutboundNat\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_EndpointOutboundNat\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_EndpointOutboundNat\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_EndpointOutboundNat\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_EndpointOutboundNat\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -ParameterFilter { ($Name -eq 'app') -and ($Type -eq 'OutBoundNAT') -and (@($Policies).Count -gt 0) } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_EndpointOutboundNat\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { ConvertFrom-Json -InputObject '[{"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8"]}]' | ForEach-Object -Process { $_ } }
            Mock -CommandName 'Get-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith { ConvertFrom-Json -InputObject '[{"Type":"OutBoundNAT","ExceptionList":["10.0.0.0/8"]}]' | ForEach-Object -Process { $_ } }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { $true }
            Mock -CommandName 'Test-PSNetAclList' -ModuleName 'PSNetDsc.Common' -MockWith { $true }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNet_EndpointOutboundNat' -MockWith { $false }
            Mock -CommandName 'Test-PSNetHcn' -ModuleName 'PSNetDsc.Common' -MockWith { $false }
            Mock -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_EndpointOutboundNat\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_EndpointOutboundNat\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_EndpointOutboundNat\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_EndpointOutboundNat\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_EndpointOutboundNat\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_EndpointOutboundNat\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetEndpointPolicy' -ModuleName 'PSNetDsc.Common' -ParameterFilter { ($Name -eq 'app') -and ($Type -eq 'OutBoundNAT') -and (@($Policies).Count -eq 0) } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_EndpointOutboundNat\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_EndpointOutboundNat\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetEndpointOutboundNat:PSNetEndpointOutboundNat:Policies'
        }
    }
}
