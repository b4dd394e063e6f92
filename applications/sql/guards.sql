-- An application's state is its case's stage: whoever writes one without the other is refused at commit.

CREATE FUNCTION applications_state_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    case_stage text;
    own_state text;
BEGIN
    SELECT c.stage, a.state INTO case_stage, own_state
    FROM applications_application a JOIN workflow_case c ON c.id = a.case_id
    WHERE CASE TG_TABLE_NAME WHEN 'workflow_case' THEN c.id = (to_jsonb(NEW) ->> 'id')::uuid
                             ELSE a.id = (to_jsonb(NEW) ->> 'id')::uuid END;
    IF FOUND AND case_stage <> own_state THEN
        RAISE EXCEPTION 'An application in % on a case in %: a state changes by its event.', own_state, case_stage
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER applications_state_guard AFTER INSERT OR UPDATE ON applications_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION applications_state_guard();
CREATE CONSTRAINT TRIGGER applications_state_guard AFTER UPDATE ON workflow_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION applications_state_guard();

-- Facts: added, never changed.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'applications_acceptance', 'applications_agreement', 'applications_archiverecord', 
        'applications_completionnotice', 'applications_contract', 'applications_countersignature', 
        'applications_designreview', 'applications_designsubmission', 'applications_energisation', 
        'applications_exit', 'applications_feesheet', 'applications_inspection', 'applications_metering', 
        'applications_midinspection', 'applications_midinspectionrequest', 'applications_objection', 
        'applications_payment', 'applications_rectificationnotice', 'applications_replynotice', 
        'applications_scheme', 'applications_schemerevision', 'applications_signature', 
        'applications_survey'
    ] LOOP
        EXECUTE format('CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'applications_historical%' LOOP
        PERFORM workflow_guard_history(name, replace(name, 'historical', ''), 'id');
    END LOOP;
END $$;
