"""What `ssmtui run` does: wish, launch, aim, asking, watching, ending and showing."""
