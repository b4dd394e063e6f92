-- Texts as issued, lapses and extensions of schemes are added, never changed; the rules they go by are watched.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'applications_issuedpaper', 'applications_schemeextension', 'applications_schemelapse'
    ] LOOP
        EXECUTE format('CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['exitrule', 'paperfault'] LOOP
        PERFORM workflow_guard_history('applications_historical' || name, 'applications_' || name, 'id');
    END LOOP;
END $$;
