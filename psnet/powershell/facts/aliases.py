"""The aliases that PowerShell begins with."""

from __future__ import annotations

_BOTH = """
% ForEach-Object;? Where-Object;ac Add-Content;cat Get-Content;cd Set-Location;chdir Set-Location;clc Clear-Content
clear Clear-Host;cli Clear-Item;clp Clear-ItemProperty;cls Clear-Host;clv Clear-Variable;compare Compare-Object
copy Copy-Item;cp Copy-Item;cpi Copy-Item;cpp Copy-ItemProperty;cvpa Convert-Path;del Remove-Item;diff Compare-Object
dir Get-ChildItem;echo Write-Output;epal Export-Alias;epcsv Export-Csv;erase Remove-Item;fc Format-Custom
fl Format-List;foreach ForEach-Object;ft Format-Table;fw Format-Wide;gal Get-Alias;gc Get-Content;gci Get-ChildItem
gcm Get-Command;gcs Get-PSCallStack;gdr Get-PSDrive;ghy Get-History;gi Get-Item;gjb Get-Job;gl Get-Location
gm Get-Member;gmo Get-Module;gp Get-ItemProperty;gps Get-Process;gpv Get-ItemPropertyValue;group Group-Object
gsv Get-Service;gu Get-Unique;gv Get-Variable;h Get-History;history Get-History;icm Invoke-Command
iex Invoke-Expression;ihy Invoke-History;ii Invoke-Item;ipal Import-Alias;ipcsv Import-Csv;ipmo Import-Module
irm Invoke-RestMethod;iwr Invoke-WebRequest;kill Stop-Process;ls Get-ChildItem;man help;md mkdir
measure Measure-Object;mi Move-Item;mount New-PSDrive;move Move-Item;mp Move-ItemProperty;mv Move-Item;nal New-Alias
ndr New-PSDrive;ni New-Item;nmo New-Module;nv New-Variable;oh Out-Host;popd Pop-Location;ps Get-Process
pushd Push-Location;pwd Get-Location;r Invoke-History;rd Remove-Item;rdr Remove-PSDrive;ren Rename-Item
ri Remove-Item;rjb Remove-Job;rm Remove-Item;rmdir Remove-Item;rmo Remove-Module;rni Rename-Item;rp Remove-ItemProperty
rv Remove-Variable;rvpa Resolve-Path;sajb Start-Job;sal Set-Alias;saps Start-Process;sasv Start-Service;sc Set-Content
select Select-Object;set Set-Variable;si Set-Item;sl Set-Location;sleep Start-Sleep;sls Select-String;sort Sort-Object
sp Set-ItemProperty;spjb Stop-Job;spps Stop-Process;spsv Stop-Service;start Start-Process;sv Set-Variable
tee Tee-Object;type Get-Content;where Where-Object;wjb Wait-Job;write Write-Output
"""
_ONLY_51 = "curl Invoke-WebRequest;wget Invoke-WebRequest;gwmi Get-WmiObject;iwmi Invoke-WmiMethod;lp Out-Printer"


def aliases_of(language: str) -> dict[str, str]:
    """Return alias -> command for a language version; Windows PowerShell has some of its own."""
    found: dict[str, str] = {}
    for text in (_BOTH, _ONLY_51 if language == "5.1" else ""):
        for pair in text.replace("\n", ";").split(";"):
            name, _, command = pair.strip().partition(" ")
            if name and not (language != "5.1" and name == "sc"):
                found[name] = command
    return found
