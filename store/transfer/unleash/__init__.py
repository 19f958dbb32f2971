"""The state document of Unleash servers: what `/api/admin/state` imports and exports."""
