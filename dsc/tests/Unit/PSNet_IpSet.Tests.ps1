# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_IpSet\PSNet_IpSet.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Network = 'flat'; Name = 'web' }
    $declared = @{ Network = 'flat'; Name = 'web'; Ensure = 'Present'; Addresses = @('10.44.0.10', '10.50.0.0/24') }
    $otherwise = @{ Network = 'flat'; Name = 'web'; Ensure = 'Present'; Addresses = @('10.44.0.11') }
    $absent = @{ Network = 'flat'; Name = 'web'; Ensure = 'Absent'; Addresses = @('10.44.0.10', '10.50.0.0/24') }
}

AfterAll {
    Remove-Module -Name 'PSNet_IpSet'
}

Describe 'PSNetIpSet' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_IpSet' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_IpSet' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_IpSet\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_IpSet\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_IpSet\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_IpSet\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_IpSet\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -ParameterFilter { ($Type -eq 'SetPolicy') -and (@($Policy).Count -eq 1) } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_IpSet\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_IpSet' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_IpSet' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_IpSet' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -MockWith { [PSCustomObject] @{ Id = 'psnet-web'; PolicyType = 'IPSET'; Values = '10.50.0.0/24,10.44.0.10' } }
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_IpSet\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_IpSet\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_IpSet\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_IpSet\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_IpSet\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_IpSet\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_IpSet' -ParameterFilter { ($Value -eq 'psnet-web') -and (@($Policy).Count -eq 0) } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_IpSet\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_IpSet\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetIpSet:PSNetIpSet:Addresses'
        }
    }
}
