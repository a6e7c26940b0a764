"""What similar customers that stayed use: how it is found, and the night that writes it down."""
