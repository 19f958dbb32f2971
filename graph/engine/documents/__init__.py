"""Documents before they run: parsed, limited, priced, remembered."""
