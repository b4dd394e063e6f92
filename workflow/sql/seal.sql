-- The seal: server time, number, previous hash, canonical header bytes and leaf hash, in the event's own transaction.
-- Plain SQL, not a library's triggers: those can be switched off by a session setting.

CREATE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
-- clock_timestamp(), not now(): now() is the start of the transaction, before the lock was waited for.
-- Only a database marked demo or test lets a session shift it, so that a lived-in history can be walked.
DECLARE
    shift text := current_setting('tongdian.shift', true);
BEGIN
    IF shift IS NULL OR shift = '' THEN
        RETURN clock_timestamp();
    END IF;
    IF EXISTS (SELECT FROM workflow_deployment WHERE kind IN ('demo', 'test')) THEN
        RETURN clock_timestamp() + shift::interval;
    END IF;
    RAISE EXCEPTION 'Time can be shifted in a demo or test database only.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION workflow_json(value text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE to_json(value)::text END $$;

CREATE FUNCTION workflow_json(value timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN value IS NULL THEN 'null'
        ELSE to_char(value AT TIME ZONE 'UTC', '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""') END $$;

CREATE FUNCTION workflow_event_header(e workflow_event) RETURNS bytea LANGUAGE sql STABLE AS $$
-- RFC 8785: keys in order, no spaces, strings, integers and null only. The order and names never change.
SELECT convert_to(format(
    '{"actor":%s,"at":%s,"behalf":%s,"captured":%s,"claimed":%s,"dev":%s,"doc":%s,"kind":%s,"n":%s,"nonce":%s,"payload":%s,'
    '"prev":%s,"state":%s,"station":%s,"stream":%s,"task":%s,"v":"tongdian-event/1","via":%s}',
    workflow_json(e.actor), workflow_json(e.recorded_at), workflow_json(e.behalf), workflow_json(e.captured_at),
    workflow_json(e.occurred_at), workflow_json(e.device),
    CASE WHEN e.documents IS NULL THEN 'null'
         ELSE '[' || coalesce((SELECT string_agg(to_json(d)::text, ',' ORDER BY i) FROM unnest(e.documents) WITH ORDINALITY u(d, i)), '') || ']' END,
    workflow_json(e.kind), e.number, workflow_json(e.nonce_at), workflow_json(e.payload_digest),
    workflow_json(encode(e.previous_hash, 'hex')),
    CASE WHEN e.state_to IS NULL THEN 'null'
         ELSE '[' || workflow_json(e.state_from) || ',' || workflow_json(e.state_to) || ']' END,
    workflow_json(e.station), workflow_json(e.stream),
    CASE WHEN e.task_node IS NULL THEN 'null' ELSE '[' || workflow_json(e.task_node) || ',' || e.task_round || ']' END,
    workflow_json(e.via)), 'UTF8')
$$;

CREATE FUNCTION workflow_seal_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head workflow_streamhead;
    stage_now text;
BEGIN
    INSERT INTO workflow_streamhead (stream, number, last_hash)
    VALUES (NEW.stream, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM workflow_streamhead WHERE stream = NEW.stream FOR UPDATE;  -- the only lock: this stream
    IF NEW.stream LIKE 'case:%' THEN
        SELECT stage INTO stage_now FROM workflow_case WHERE id = substr(NEW.stream, 6)::uuid;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Event % for a case that does not exist.', NEW.kind USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF NEW.state_to IS NOT NULL AND coalesce(NEW.state_from, '') <> stage_now THEN
            RAISE EXCEPTION 'Event % moves from %, but the case is in %.', NEW.kind, NEW.state_from, stage_now
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state_to IS NOT NULL THEN
        RAISE EXCEPTION 'Only a case has a stage.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.number := head.number + 1;
    NEW.previous_hash := head.last_hash;
    NEW.actor := coalesce(nullif(current_setting('tongdian.actor', true), ''), 'db:' || session_user);
    NEW.recorded_at := ledger_now();                                                     -- after the lock
    NEW.header := workflow_event_header(NEW);
    NEW.leaf_hash := sha256('\x00'::bytea || NEW.header);
    UPDATE workflow_streamhead SET number = NEW.number, last_hash = NEW.leaf_hash WHERE stream = NEW.stream;
    RETURN NEW;
END $$;

CREATE TRIGGER workflow_event_seal BEFORE INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_seal_event();

CREATE FUNCTION workflow_event_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What the event means for the case row and for those who listen. Nothing else writes Case.stage.
BEGIN
    IF NEW.stream LIKE 'case:%' THEN
        UPDATE workflow_case SET stage = coalesce(NEW.state_to, stage), event_number = NEW.number
        WHERE id = substr(NEW.stream, 6)::uuid;
    END IF;
    INSERT INTO workflow_outbox (stream, number, kind) VALUES (NEW.stream, NEW.number, NEW.kind);
    RETURN NULL;
END $$;

CREATE TRIGGER workflow_event_follow AFTER INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_event_follow();

CREATE FUNCTION workflow_append(into_stream text, event_kind text, payload text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- For the database's own triggers: an event with a canonical payload, salted here.
DECLARE
    fresh bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    n integer;
BEGIN
    INSERT INTO workflow_event (stream, kind, payload_digest)
    VALUES (into_stream, event_kind, encode(sha256(fresh || convert_to(payload, 'UTF8')), 'hex'))
    RETURNING number INTO n;
    INSERT INTO workflow_eventpayload (stream, number, salt, body) VALUES (into_stream, n, fresh, payload);
    RETURN n;
END $$;
