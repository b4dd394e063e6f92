DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['meterissue', 'refund', 'waitreason', 'worksfinish', 'worksitem', 'worksreport'] LOOP
        EXECUTE format('DROP TRIGGER fact_keep ON %I', 'applications_' || name);
    END LOOP;
END $$;
