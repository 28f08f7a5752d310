# Strings of PSNet_StartupTask.
ConvertFrom-StringData -StringData @'
    Reading = Reading the start-up task '{0}'.
    Otherwise = The start-up task '{0}' is {1} and should be {2}.
    OtherScript = The script of the start-up task '{0}' is not the declared one.
    Making = Making the start-up task '{0}'.
    Removing = Removing the start-up task '{0}'.
    BadName = '{0}' cannot be the name of a start-up task: letters, digits, _ . - and spaces, with a letter or digit first.
'@
