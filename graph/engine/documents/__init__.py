"""Prepare documents: parse, limit, validate, price and cache them."""
