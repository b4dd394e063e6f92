DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['limit', 'calendaryear', 'routeversion', 'node', 'profile', 'separationrule', 'pausereason'] LOOP
        EXECUTE format('DROP TRIGGER workflow_restamp ON %I', 'workflow_' || name);
    END LOOP;
END $$;
DROP FUNCTION workflow_restamp();
DELETE FROM workflow_rulesstamp;
