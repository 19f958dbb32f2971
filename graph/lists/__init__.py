"""Pages of objects, in the orders that can be asked for."""
