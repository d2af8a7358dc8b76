"""Post-incident reviews: a file in, a checked ``Pir`` with the place of every value out."""
