"""The operations that change configuration: async functions, each with the unit of work first."""
