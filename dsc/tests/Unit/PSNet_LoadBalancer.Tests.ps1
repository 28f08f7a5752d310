# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_LoadBalancer\PSNet_LoadBalancer.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Vips = '10.44.0.200'; Protocol = 'TCP'; ExternalPort = 80; Name = 'front' }
    $declared = @{ Vips = '10.44.0.200'; Protocol = 'TCP'; ExternalPort = 80; Name = 'front'; Ensure = 'Present'; InternalPort = 8080; Members = @('app'); Internal = $false; Dsr = $false }
    $otherwise = @{ Vips = '10.44.0.200'; Protocol = 'TCP'; ExternalPort = 80; Name = 'front'; Ensure = 'Present'; InternalPort = 8081; Members = @('app'); Internal = $false; Dsr = $false }
    $absent = @{ Vips = '10.44.0.200'; Protocol = 'TCP'; ExternalPort = 80; Name = 'front'; Ensure = 'Absent'; InternalPort = 8080; Members = @('app'); Internal = $false; Dsr = $false }
}

AfterAll {
    Remove-Module -Name 'PSNet_LoadBalancer'
}

Describe 'PSNetLoadBalancer' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_LoadBalancer' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_LoadBalancer' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/?*' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/?*' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
        }

        It 'Get says that it is absent' {
            (PSNet_LoadBalancer\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_LoadBalancer\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_LoadBalancer\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_LoadBalancer\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_LoadBalancer\Set-TargetResource @declared
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -ParameterFilter { ($Method -eq 'POST') -and ($Path -eq '/policylists/') -and ($Body -like '*/endpoints/e1*') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_LoadBalancer\Set-TargetResource @absent
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -ParameterFilter { $Method -ne 'GET' } -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_LoadBalancer' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_LoadBalancer' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_LoadBalancer' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/?*' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
            Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -MockWith { switch -Wildcard ("$Method $Path") { 'GET /networks/' { ConvertFrom-Json -InputObject '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'GET /endpoints/?*' { ConvertFrom-Json -InputObject '[{"ID":"e1","Name":"app","IPAddress":"10.44.0.10"}]' | ForEach-Object -Process { $_ } }; 'GET /policylists/?*' { ConvertFrom-Json -InputObject '[{"ID":"l1","References":["/endpoints/e1"],"Policies":[{"Type":"ELB","Protocol":6,"ExternalPort":80,"InternalPort":8080,"VIPs":["10.44.0.200"]}]}]' | ForEach-Object -Process { $_ } }; 'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } } } }
        }

        It 'Get says that it is there' {
            (PSNet_LoadBalancer\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_LoadBalancer\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_LoadBalancer\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_LoadBalancer\Set-TargetResource @declared
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -ParameterFilter { $Method -ne 'GET' } -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_LoadBalancer\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_LoadBalancer\Set-TargetResource @absent
            Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNet_LoadBalancer' -ParameterFilter { ($Method -eq 'DELETE') -and ($Path -eq '/policylists/l1') } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_LoadBalancer\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_LoadBalancer\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetLoadBalancer:PSNetLoadBalancer:InternalPort'
        }
    }
}
