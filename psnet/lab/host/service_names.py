"""Services that every Windows Server has and the lab does not simulate (page Guidance on disabling system services)."""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
AJRouter ALG AppIDSvc Appinfo AppMgmt AppReadiness AppXSvc AudioEndpointBuilder Audiosrv AxInstSV BITS
BrokerInfrastructure CDPSvc CertPropSvc ClipSVC COMSysApp CoreMessagingRegistrar CryptSvc CscService DcomLaunch
defragsvc DeviceAssociationService DeviceInstall DevQueryBroker Dhcp diagnosticshub.standardcollector.service DiagTrack
DmEnrollmentSvc dmwappushservice dot3svc DPS DsmSvc DsSvc Eaphost EFS embeddedmode EntAppSvc EventSystem fdPHost
FDResPub FontCache FrameServer gpsvc hidserv HvHost icssvc IKEEXT KeyIso KPSSVC KtmRm LicenseManager lltdsvc lmhosts
LSM MapsBroker MSDTC MSiSCSI msiserver NcaSvc NcbService Netlogon Netman netprofm NetSetupSvc NetTcpPortSharing
NgcCtnrSvc NgcSvc NlaSvc PcaSvc PerfHost PhoneSvc pla PlugPlay PolicyAgent Power PrintNotify ProfSvc QWAVE RasAuto
RasMan RemoteAccess RemoteRegistry RmSvc RpcEptMapper RpcLocator RSoPProv sacsvr SamSs SCardSvr ScDeviceEnum Schedule
SCPolicySvc seclogon SENS SensorDataService SensorService SensrSvc SessionEnv ShellHWDetection smphost SNMPTRAP sppsvc
SSDPSRV SstpSvc StateRepository StiSvc StorSvc svsvc swprv SysMain SystemEventsBroker TabletInputService tapisrv Themes
TieringEngineService TimeBrokerSvc TokenBroker TrkWks TrustedInstaller tzautoupdate UALSVC UevAgentService UmRdpService
upnphost UserManager UsoSvc VaultSvc vds vmicguestinterface vmicheartbeat vmickvpexchange vmicrdv vmicshutdown
vmictimesync vmicvmsession vmicvss VSS WalletService WbioSrvc Wcmsvc WdiServiceHost WdiSystemHost Wecsvc WEPHOSTSVC
wercplsupport WerSvc WiaRpc WinDefend WinHttpAutoProxySvc wisvc wlidsvc wmiApSrv WPDBusEnum WpnService WSearch wuauserv
Tcpip Tcpip6 AFD NDIS NetBT mrxsmb rdbss srv2 srvnet FltMgr volsnap disk
"""
#: As Windows writes them, by their names in lower case.
UNSIMULATED: Final = {name.lower(): name for name in _NAMES.split()}
