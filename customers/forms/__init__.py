"""What people fill in on pages about customers. Rules of the domain are the services'."""
