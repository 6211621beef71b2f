"""Files between here and a node, over sessions or through S3, checked by their SHA-256."""
