"""The lab's Network Controller: one model of its resources, seen through cmdlets and through REST."""
