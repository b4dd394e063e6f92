"""The office tree as a function, and what the application may never do to the register of people.

Certificates and posts are answered for years later, so the application may add them and end them but neither edit
nor delete them; certificates refuse deletion from everybody.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION staff_office_subtree(root bigint) RETURNS SETOF bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    WITH RECURSIVE below(id) AS (
        SELECT root
        UNION
        SELECT office.id FROM staff_office office JOIN below ON office.parent_id = below.id
    )
    SELECT id FROM below
$$;

CREATE FUNCTION staff_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps every row; certificates are revoked, never removed', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER staff_certificate_kept BEFORE DELETE ON staff_certificate
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_removal();
CREATE TRIGGER staff_certificate_kept_whole BEFORE TRUNCATE ON staff_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION staff_refuse_removal();

REVOKE UPDATE, DELETE ON staff_certificate, staff_post, staff_absence FROM tongdian_app;
GRANT UPDATE (revoked_at, revoked_by_id, revoke_reason) ON staff_certificate TO tongdian_app;
GRANT UPDATE (to_date) ON staff_post, staff_absence TO tongdian_app;
REVOKE UPDATE, DELETE ON staff_historicalcertificate, staff_historicalpost, staff_historicalabsence FROM tongdian_app;
REVOKE DELETE ON staff_user FROM tongdian_app;
"""

REVERSE = """
GRANT DELETE ON staff_user TO tongdian_app;
GRANT UPDATE, DELETE ON staff_historicalcertificate, staff_historicalpost, staff_historicalabsence TO tongdian_app;
REVOKE UPDATE (revoked_at, revoked_by_id, revoke_reason) ON staff_certificate FROM tongdian_app;
REVOKE UPDATE (to_date) ON staff_post, staff_absence FROM tongdian_app;
GRANT UPDATE, DELETE ON staff_certificate, staff_post, staff_absence TO tongdian_app;
DROP TRIGGER staff_certificate_kept_whole ON staff_certificate;
DROP TRIGGER staff_certificate_kept ON staff_certificate;
DROP FUNCTION staff_refuse_removal();
DROP FUNCTION staff_office_subtree(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_staff")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
