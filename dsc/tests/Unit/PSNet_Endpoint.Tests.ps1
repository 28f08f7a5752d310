# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_Endpoint\PSNet_Endpoint.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'app' }
    $declared = @{ Name = 'app'; Ensure = 'Present'; Network = 'flat'; Address = '10.44.0.10'; Forwarding = $false; Remote = $false }
    $otherwise = @{ Name = 'app'; Ensure = 'Present'; Network = 'flat'; Address = '10.44.0.11'; Forwarding = $false; Remote = $false }
    $absent = @{ Name = 'app'; Ensure = 'Absent'; Network = 'flat'; Address = '10.44.0.10'; Forwarding = $false; Remote = $false }
}

AfterAll {
    Remove-Module -Name 'PSNet_Endpoint'
}

Describe 'PSNetEndpoint' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Endpoint' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Endpoint' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
        }

        It 'Get says that it is absent' {
            (PSNet_Endpoint\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_Endpoint\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_Endpoint\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_Endpoint\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_Endpoint\Set-TargetResource @declared
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -ParameterFilter { ($Method -eq 'POST') -and ((ConvertFrom-Json -InputObject $Body).IPAddress -eq '10.44.0.10') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_Endpoint\Set-TargetResource @absent
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -ParameterFilter { $Method -ne 'GET' } -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Endpoint' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Endpoint' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Endpoint' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","VirtualNetwork":"n1","VirtualNetworkName":"flat","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
        }

        It 'Get says that it is there' {
            (PSNet_Endpoint\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_Endpoint\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_Endpoint\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_Endpoint\Set-TargetResource @declared
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -ParameterFilter { $Method -ne 'GET' } -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_Endpoint\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_Endpoint\Set-TargetResource @absent
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_Endpoint' -ParameterFilter { ($Method -eq 'DELETE') -and ($Path -eq '/endpoints/e1') } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_Endpoint\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_Endpoint\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetEndpoint:PSNetEndpoint:Address'
        }
    }
}
