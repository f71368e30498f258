"""The channel concept of a city: topics, responsibilities and limits as data."""
