-- Facts of categories are added, never changed; their rules' history is watched; a changed label shows at once.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'applications_changeconsent', 'applications_filing', 'applications_handover', 'applications_hosting',
        'applications_removal', 'applications_temporaryrenewal'
    ] LOOP
        EXECUTE format('CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['stagelabel', 'temporaryterm', 'threezerorule'] LOOP
        PERFORM workflow_guard_history('applications_historical' || name, 'applications_' || name, 'id');
    END LOOP;
END $$;

CREATE TRIGGER workflow_restamp AFTER INSERT OR UPDATE OR DELETE ON applications_stagelabel
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_restamp();
