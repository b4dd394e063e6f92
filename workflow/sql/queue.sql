-- The queue to the public log: a row per event, written in the event's own transaction, taken by the sequencer when it gives the event a place.
-- Why a queue: a reader that asks for what is newer than the last one seen loses whatever commits late. Nothing is missed that waits here.

CREATE SEQUENCE workflow_ledger_qid AS bigint CACHE 1;  -- never more than 1: a session's own supply would overtake another's
REVOKE ALL ON SEQUENCE workflow_ledger_qid FROM tongdian_app;
REVOKE ALL ON workflow_ledgerqueue FROM tongdian_app;
GRANT SELECT ON workflow_ledgerqueue TO tongdian_app;
GRANT SELECT, DELETE ON workflow_ledgerqueue TO tongdian_sequencer;

CREATE TRIGGER workflow_queue_keep BEFORE UPDATE ON workflow_ledgerqueue FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_queue_whole BEFORE TRUNCATE ON workflow_ledgerqueue FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse();

CREATE OR REPLACE FUNCTION workflow_event_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What the event means for the case row, for those who listen, and for the public log. Nothing else writes Case.stage.
BEGIN
    IF NEW.stream LIKE 'case:%' THEN
        UPDATE workflow_case SET stage = coalesce(NEW.state_to, stage), event_number = NEW.number
        WHERE id = substr(NEW.stream, 6)::uuid;
    END IF;
    INSERT INTO workflow_outbox (stream, number, kind) VALUES (NEW.stream, NEW.number, NEW.kind);
    -- The sealing trigger holds the stream's lock by now: whoever seals later in this stream draws a later qid. A column default would be
    -- drawn before the lock, and two events of one case could change places.
    INSERT INTO workflow_ledgerqueue (qid, stream, number, leaf_hash, queued_at)
    VALUES (nextval('workflow_ledger_qid'), NEW.stream, NEW.number, NEW.leaf_hash, clock_timestamp());
    RETURN NULL;
END $$;

-- What was sealed before there was a queue, in the order of recording; within a stream by number, whatever its clock did.
LOCK TABLE workflow_event IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO workflow_ledgerqueue (qid, stream, number, leaf_hash, queued_at)
SELECT nextval('workflow_ledger_qid'), stream, number, leaf_hash, clock_timestamp()
FROM (SELECT stream, number, leaf_hash, max(recorded_at) OVER (PARTITION BY stream ORDER BY number) AS reached FROM workflow_event
      ORDER BY reached, stream, number) AS sealed;
