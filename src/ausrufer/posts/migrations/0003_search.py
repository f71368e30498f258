"""Words are found by their German stem, with or without accents."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

MAKE = """
CREATE TEXT SEARCH CONFIGURATION ausrufer_german (COPY = german);
ALTER TEXT SEARCH CONFIGURATION ausrufer_german
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, german_stem;
CREATE INDEX posts_post_words ON posts_post USING gin (to_tsvector('ausrufer_german', COALESCE(text, '')));
"""
REMOVE = """
DROP INDEX posts_post_words;
DROP TEXT SEARCH CONFIGURATION ausrufer_german;
"""


class Migration(migrations.Migration):
    dependencies = [("posts", "0002_asked_at")]
    operations = [UnaccentExtension(), migrations.RunSQL(MAKE, REMOVE)]
