-- The public log's tables: the application reads them, the sequencer's role lets them grow, nobody changes what stands there.

INSERT INTO integrity_ledgertree (id, size, origin, key, refusal) VALUES (1, 0, '', '', '');

REVOKE ALL ON integrity_ledgertree, integrity_ledgerleaf, integrity_ledgertile, integrity_ledgercheckpoint, integrity_ledgercosignature,
    integrity_ledgertoken FROM tongdian_app;
GRANT SELECT ON integrity_ledgertree, integrity_ledgerleaf, integrity_ledgertile, integrity_ledgercheckpoint, integrity_ledgercosignature,
    integrity_ledgertoken TO tongdian_app, tongdian_sequencer;
GRANT INSERT ON integrity_ledgerleaf, integrity_ledgertile, integrity_ledgercheckpoint, integrity_ledgercosignature, integrity_ledgertoken
    TO tongdian_sequencer;
GRANT UPDATE (data) ON integrity_ledgertile TO tongdian_sequencer;
GRANT UPDATE (size, root, origin, key, grown_at, beat_at, refusal) ON integrity_ledgertree TO tongdian_sequencer;

ALTER TABLE integrity_ledgertile ALTER COLUMN data SET STORAGE EXTERNAL,  -- hashes do not shrink: no time is spent on trying
    ADD CONSTRAINT ledgertile_whole CHECK (length(data) % 32 = 0 AND length(data) BETWEEN 32 AND 8192);

CREATE FUNCTION integrity_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF substr(NEW.data, 1, length(OLD.data)) IS DISTINCT FROM OLD.data THEN
        RAISE EXCEPTION 'A tile grows to the right; what stands in it stays.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrity_tile_grows BEFORE UPDATE ON integrity_ledgertile FOR EACH ROW EXECUTE FUNCTION integrity_tile_grows();

CREATE FUNCTION integrity_tree_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR (OLD.origin <> '' AND (NEW.origin, NEW.key) IS DISTINCT FROM (OLD.origin, OLD.key)) THEN
        RAISE EXCEPTION 'The log only grows, under one name and one key.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrity_tree_grows BEFORE UPDATE ON integrity_ledgertree FOR EACH ROW EXECUTE FUNCTION integrity_tree_grows();

CREATE TRIGGER integrity_tree_keep BEFORE DELETE ON integrity_ledgertree FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER integrity_tile_keep BEFORE DELETE ON integrity_ledgertile FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['leaf', 'checkpoint', 'cosignature', 'token'] LOOP
        EXECUTE format('CREATE TRIGGER integrity_ledger_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()',
                       'integrity_ledger' || name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tree', 'leaf', 'tile', 'checkpoint', 'cosignature', 'token'] LOOP
        EXECUTE format('CREATE TRIGGER integrity_ledger_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse()',
                       'integrity_ledger' || name);
    END LOOP;
END $$;
