"""What is written once: post, variant, attachment, rendition, approval."""
