# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_ContainerNetwork\PSNet_ContainerNetwork.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'web' }
    $declared = @{ Name = 'web'; Ensure = 'Present'; Mode = 'nat'; Subnets = @('Prefix=172.20.0.0/24') }
    $otherwise = @{ Name = 'web'; Ensure = 'Present'; Mode = 'nat'; Subnets = @('Prefix=172.20.0.0/24'); DnsSuffix = 'x.example' }
    $absent = @{ Name = 'web'; Ensure = 'Absent'; Mode = 'nat'; Subnets = @('Prefix=172.20.0.0/24') }
}

AfterAll {
    Remove-Module -Name 'PSNet_ContainerNetwork'
}

Describe 'PSNetContainerNetwork' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_ContainerNetwork' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_ContainerNetwork' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Resolve-PSNetBackend' -ModuleName 'PSNet_ContainerNetwork' -MockWith { 'hns' }
            Mock -CommandName 'Find-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Assert-PSNetIdle' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'New-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Remove-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_ContainerNetwork\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_ContainerNetwork\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_ContainerNetwork\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_ContainerNetwork\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_ContainerNetwork\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -ParameterFilter { ($Name -eq 'web') -and ($Mode -eq 'nat') -and ($Backend -eq 'hns') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_ContainerNetwork\Set-TargetResource @absent
            Should -Invoke -CommandName 'New-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_ContainerNetwork' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_ContainerNetwork' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Resolve-PSNetBackend' -ModuleName 'PSNet_ContainerNetwork' -MockWith { 'hns' }
            Mock -CommandName 'Find-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith { [PSCustomObject] @{ ID = 'n1'; Name = 'web'; Type = 'NAT'; Subnets = @([PSCustomObject] @{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }) } }
            Mock -CommandName 'Assert-PSNetIdle' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'New-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
            Mock -CommandName 'Remove-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_ContainerNetwork\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_ContainerNetwork\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_ContainerNetwork\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_ContainerNetwork\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_ContainerNetwork\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_ContainerNetwork\Set-TargetResource @absent
            Should -Invoke -CommandName 'Remove-PSNetNetwork' -ModuleName 'PSNet_ContainerNetwork' -ParameterFilter { $Id -eq 'n1' } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_ContainerNetwork\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_ContainerNetwork\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetContainerNetwork:PSNetContainerNetwork:DnsSuffix'
        }
    }
}
