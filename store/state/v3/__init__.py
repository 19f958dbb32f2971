"""The state document of 3.x servers: what `/api/admin/state` takes in and hands out."""
