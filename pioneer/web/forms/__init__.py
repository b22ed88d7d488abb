"""表单 Forms check the shape of what was typed, nothing more; one file per station."""
