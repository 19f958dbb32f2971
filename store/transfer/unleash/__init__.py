"""Import and export the state document of Unleash servers (`/api/admin/state`)."""
