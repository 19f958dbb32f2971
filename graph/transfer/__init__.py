"""Export and import the configuration as state documents."""
