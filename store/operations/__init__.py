"""Every change of configuration: async functions that take the unit of work first."""
