"""Ansible-style plays over psnet's resources.

``load_playbook`` reads and checks a playbook, ``PlaybookRun(...).run()`` carries it out. A task of a resource goes
through the same pipeline as ``psnet apply``; docs/playbooks.md says what is the same as in Ansible and what differs.
"""
