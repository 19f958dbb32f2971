"""What applications report: journal, fold, and what is known from it about usage."""
