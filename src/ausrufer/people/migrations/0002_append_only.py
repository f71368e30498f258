"""The record of acts can be added to and nothing else."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION people_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION people_refuse_change()
"""
ALLOW = "DROP TRIGGER append_only ON people_auditentry; DROP FUNCTION people_refuse_change()"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
