DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'applications_issuedpaper', 'applications_schemeextension', 'applications_schemelapse'
    ] LOOP
        EXECUTE format('DROP TRIGGER fact_keep ON %I', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['exitrule', 'paperfault'] LOOP
        EXECUTE format('DROP TRIGGER history_time ON %1$I; DROP TRIGGER history_seal ON %1$I; DROP TRIGGER history_keep ON %1$I; '
                       'DROP TRIGGER history_whole ON %1$I', 'applications_historical' || name);
    END LOOP;
END $$;
