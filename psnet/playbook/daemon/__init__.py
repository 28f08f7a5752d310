"""The process that carries out the tasks of one run of ansible-playbook: ``python -m psnet.playbook.daemon``.

It holds one session a host over all tasks, writes the journal, and ends with its parent. Action plug-ins reach it over
a Unix socket in a private folder; what they say is in ``protocol``.
"""
