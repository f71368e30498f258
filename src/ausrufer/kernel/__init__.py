"""Clock, ids, sentences and text measuring: nothing here knows a post."""
