-- Which tables below this app are watched. Upper apps call workflow_guard_history() in their own migrations.
DO $$
DECLARE
    name text;
    base text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables
                WHERE schemaname = 'public' AND (tablename LIKE 'staff_historical%' OR tablename LIKE 'workflow_historical%') LOOP
        base := replace(name, 'historical', '');
        PERFORM workflow_guard_history(name, base, (
            SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = base::regclass AND i.indisprimary));
    END LOOP;
END $$;

CREATE TRIGGER staff_sealed AFTER INSERT OR UPDATE OR DELETE ON staff_user
    FOR EACH ROW EXECUTE FUNCTION workflow_seal_staff('id');
CREATE TRIGGER staff_sealed AFTER INSERT OR UPDATE OR DELETE ON staff_post
    FOR EACH ROW EXECUTE FUNCTION workflow_seal_staff('user_id');
CREATE TRIGGER staff_sealed AFTER INSERT OR UPDATE OR DELETE ON staff_certificate
    FOR EACH ROW EXECUTE FUNCTION workflow_seal_staff('holder_id');
CREATE TRIGGER staff_sealed AFTER INSERT OR UPDATE OR DELETE ON staff_absence
    FOR EACH ROW EXECUTE FUNCTION workflow_seal_staff('user_id');
