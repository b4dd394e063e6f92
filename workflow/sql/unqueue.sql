CREATE OR REPLACE FUNCTION workflow_event_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What the event means for the case row and for those who listen. Nothing else writes Case.stage.
BEGIN
    IF NEW.stream LIKE 'case:%' THEN
        UPDATE workflow_case SET stage = coalesce(NEW.state_to, stage), event_number = NEW.number
        WHERE id = substr(NEW.stream, 6)::uuid;
    END IF;
    INSERT INTO workflow_outbox (stream, number, kind) VALUES (NEW.stream, NEW.number, NEW.kind);
    RETURN NULL;
END $$;
DROP TRIGGER workflow_queue_keep ON workflow_ledgerqueue;
DROP TRIGGER workflow_queue_whole ON workflow_ledgerqueue;
DROP SEQUENCE workflow_ledger_qid;
