"""From policy to port: the profiles of the ports that carry network interfaces, on the Hyper-V hosts that have them."""
