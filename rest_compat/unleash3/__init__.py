"""The admin API of Unleash 3.x, which acts on the environment `default`."""
