-- One random stamp for all rules: random, since a counter could come back after a rollback with other content behind it.
INSERT INTO workflow_rulesstamp (id, stamp) VALUES (1, gen_random_uuid());
REVOKE INSERT, UPDATE, DELETE ON workflow_rulesstamp FROM tongdian_app;

CREATE FUNCTION workflow_restamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE workflow_rulesstamp SET stamp = gen_random_uuid();
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['limit', 'calendaryear', 'routeversion', 'node', 'profile', 'separationrule', 'pausereason'] LOOP
        EXECUTE format('CREATE TRIGGER workflow_restamp AFTER INSERT OR UPDATE OR DELETE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION workflow_restamp()', 'workflow_' || name);
    END LOOP;
END $$;
