"""A folder with everything that a machine without a network needs: wheels, configuration, systemd units, installer."""
