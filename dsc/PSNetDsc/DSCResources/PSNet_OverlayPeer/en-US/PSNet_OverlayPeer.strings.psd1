# Strings of PSNet_OverlayPeer.
ConvertFrom-StringData -StringData @'
    Reading = Reading the peer '{0}'.
    Otherwise = The peer '{0}' is {1} and should be {2}.
    Making = Setting the peer '{0}'.
    Removing = Removing the peer '{0}'.
'@
