"""Web push: browsers that asked for it get the whole text, encrypted for each of them."""
