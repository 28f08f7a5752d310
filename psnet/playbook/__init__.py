"""The back end of plays: what Ansible's tasks reach through the collection ``psnet.windows_containers``.

``modules`` are what a task can ask for, ``daemon`` is the process that does it for one run, ``front`` is
``psnet play``. Nothing here imports ansible: it is reached through processes and a socket (ansible/README.md).
"""
