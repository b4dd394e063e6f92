-- Works, money given back, meters handed out and reasons for waiting are added, never changed.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['meterissue', 'refund', 'waitreason', 'worksfinish', 'worksitem', 'worksreport'] LOOP
        EXECUTE format('CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()',
                       'applications_' || name);
    END LOOP;
END $$;
