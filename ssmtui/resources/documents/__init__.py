"""Command documents: what there is to run, and what each of them asks for."""
