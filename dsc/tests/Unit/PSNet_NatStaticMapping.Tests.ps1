# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_NatStaticMapping\PSNet_NatStaticMapping.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Protocol = 'TCP'; ExternalAddress = '0.0.0.0'; ExternalPort = '8080'; Name = 'http' }
    $declared = @{ Protocol = 'TCP'; ExternalAddress = '0.0.0.0'; ExternalPort = '8080'; Name = 'http'; Ensure = 'Present'; Network = 'web'; InternalAddress = '172.20.0.10'; InternalPort = '80' }
    $otherwise = @{ Protocol = 'TCP'; ExternalAddress = '0.0.0.0'; ExternalPort = '8080'; Name = 'http'; Ensure = 'Present'; Network = 'web'; InternalAddress = '172.20.0.10'; InternalPort = '81' }
    $absent = @{ Protocol = 'TCP'; ExternalAddress = '0.0.0.0'; ExternalPort = '8080'; Name = 'http'; Ensure = 'Absent'; Network = 'web'; InternalAddress = '172.20.0.10'; InternalPort = '80' }
}

AfterAll {
    Remove-Module -Name 'PSNet_NatStaticMapping'
}

Describe 'PSNetNatStaticMapping' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_NatStaticMapping' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_NatStaticMapping' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Resolve-PSNetPortWay' -ModuleName 'PSNet_NatStaticMapping' -MockWith { @{ Way = 'netnat'; Nat = 'web'; Endpoint = $null; Reason = $null } }
            Mock -CommandName 'Get-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Add-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Remove-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_NatStaticMapping\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_NatStaticMapping\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_NatStaticMapping\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_NatStaticMapping\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_NatStaticMapping\Set-TargetResource @declared
            Should -Invoke -CommandName 'Add-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -ParameterFilter { ($Found.Nat -eq 'web') -and ($Spec.InternalPort -eq '80') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_NatStaticMapping\Set-TargetResource @absent
            Should -Invoke -CommandName 'Add-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_NatStaticMapping' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_NatStaticMapping' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Resolve-PSNetPortWay' -ModuleName 'PSNet_NatStaticMapping' -MockWith { @{ Way = 'netnat'; Nat = 'web'; Endpoint = $null; Reason = $null } }
            Mock -CommandName 'Get-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith { if ($Way -eq 'netnat') { [PSCustomObject] @{ Way = 'netnat'; Protocol = 'TCP'; ExternalIPAddress = '0.0.0.0'; ExternalPort = 8080; InternalIPAddress = '172.20.0.10'; InternalPort = 80; Handle = 1 } } }
            Mock -CommandName 'Add-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
            Mock -CommandName 'Remove-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_NatStaticMapping\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_NatStaticMapping\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_NatStaticMapping\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_NatStaticMapping\Set-TargetResource @declared
            Should -Invoke -CommandName 'Add-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_NatStaticMapping\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_NatStaticMapping\Set-TargetResource @absent
            Should -Invoke -CommandName 'Remove-PSNetLead' -ModuleName 'PSNet_NatStaticMapping' -ParameterFilter { @($Lead).Count -eq 1 } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_NatStaticMapping\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_NatStaticMapping\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetNatStaticMapping:PSNetNatStaticMapping:ExternalPort'
        }
    }
}
