"""The database's clock, which every due time, lease and receipt is read from."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CLOCK = """
CREATE FUNCTION ausrufer_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + coalesce((SELECT shift FROM kernel_clockshift LIMIT 1), interval '0')
$$
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(CLOCK, "DROP FUNCTION ausrufer_now()"),
        UnaccentExtension(),
    ]
