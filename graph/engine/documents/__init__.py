"""Documents before they run: parsed, limited, validated, priced and cached."""
