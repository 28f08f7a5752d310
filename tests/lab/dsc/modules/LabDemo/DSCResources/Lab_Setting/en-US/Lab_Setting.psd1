ConvertFrom-StringData -StringData @'
    Testing = Testing setting {0}.
    Setting = Setting {0}.
'@
