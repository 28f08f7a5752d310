# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_Nat\PSNet_Nat.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'web' }
    $declared = @{ Name = 'web'; Ensure = 'Present'; Prefix = '172.20.0.0/24'; Switch = 'web' }
    $otherwise = @{ Name = 'web'; Ensure = 'Present'; Prefix = '172.21.0.0/24'; Switch = 'web' }
    $absent = @{ Name = 'web'; Ensure = 'Absent'; Prefix = '172.20.0.0/24'; Switch = 'web' }
}

AfterAll {
    Remove-Module -Name 'PSNet_Nat'
}

Describe 'PSNetNat' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Nat' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Nat' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-NetNat' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Get-NetNatExternalAddress' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Get-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Get-NetIPAddress' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'New-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'New-NetIPAddress' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'New-NetNat' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Remove-NetNat' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Remove-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_Nat\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_Nat\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_Nat\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_Nat\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_Nat\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-NetNat' -ModuleName 'PSNet_Nat' -ParameterFilter { ($Name -eq 'web') -and ($InternalIPInterfaceAddressPrefix -eq '172.20.0.0/24') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_Nat\Set-TargetResource @absent
            Should -Invoke -CommandName 'New-VMSwitch' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'New-NetIPAddress' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'New-NetNat' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-NetNat' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-VMSwitch' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Nat' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Nat' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-NetNat' -ModuleName 'PSNet_Nat' -MockWith { [PSCustomObject] @{ Name = 'web'; InternalIPInterfaceAddressPrefix = '172.20.0.0/24' } }
            Mock -CommandName 'Get-NetNatExternalAddress' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Get-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith { [PSCustomObject] @{ Name = 'web' } }
            Mock -CommandName 'Get-NetIPAddress' -ModuleName 'PSNet_Nat' -MockWith { [PSCustomObject] @{ IPAddress = '172.20.0.1' } }
            Mock -CommandName 'New-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'New-NetIPAddress' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'New-NetNat' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Remove-NetNat' -ModuleName 'PSNet_Nat' -MockWith {}
            Mock -CommandName 'Remove-VMSwitch' -ModuleName 'PSNet_Nat' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_Nat\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_Nat\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_Nat\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_Nat\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-VMSwitch' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'New-NetIPAddress' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'New-NetNat' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-NetNat' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-VMSwitch' -ModuleName 'PSNet_Nat' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_Nat\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_Nat\Set-TargetResource @absent
            Should -Invoke -CommandName 'Remove-NetNat' -ModuleName 'PSNet_Nat' -ParameterFilter { $Name -contains 'web' } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_Nat\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_Nat\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetNat:PSNetNat:Prefix'
        }
    }
}
