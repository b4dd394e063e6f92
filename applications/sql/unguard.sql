DROP TRIGGER applications_state_guard ON applications_application;
DROP TRIGGER applications_state_guard ON workflow_case;
DROP FUNCTION applications_state_guard();
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
        EXECUTE format('DROP TRIGGER fact_keep ON %I', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'applications_historical%' LOOP
        EXECUTE format('DROP TRIGGER history_time ON %1$I; DROP TRIGGER history_seal ON %1$I; DROP TRIGGER history_keep ON %1$I; '
                       'DROP TRIGGER history_whole ON %1$I', name);
    END LOOP;
END $$;
