DROP TRIGGER staff_sealed ON staff_user;
DROP TRIGGER staff_sealed ON staff_post;
DROP TRIGGER staff_sealed ON staff_certificate;
DROP TRIGGER staff_sealed ON staff_absence;
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables
                WHERE schemaname = 'public' AND (tablename LIKE 'staff_historical%' OR tablename LIKE 'workflow_historical%') LOOP
        EXECUTE format('DROP TRIGGER history_time ON %1$I; DROP TRIGGER history_seal ON %1$I; DROP TRIGGER history_keep ON %1$I; '
                       'DROP TRIGGER history_whole ON %1$I', name);
    END LOOP;
END $$;
