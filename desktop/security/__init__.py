"""What the settings page "Security" is made of: the ways into the workspace, the forms that change them, the code."""
