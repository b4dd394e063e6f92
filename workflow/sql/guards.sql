-- What the application may not do is impossible for it. Against a superuser only detection helps: the chain shows it.

CREATE FUNCTION workflow_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what was recorded stays.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Events: append only.
REVOKE ALL ON workflow_event, workflow_eventpayload, workflow_streamhead, workflow_outbox, workflow_deployment FROM tongdian_app;
GRANT SELECT ON workflow_event, workflow_eventpayload, workflow_streamhead, workflow_outbox, workflow_deployment TO tongdian_app;
GRANT INSERT (stream, kind, occurred_at, captured_at, nonce_at, via, behalf, device, station, state_from, state_to,
              task_node, task_round, documents, payload_digest) ON workflow_event TO tongdian_app;
GRANT INSERT ON workflow_eventpayload TO tongdian_app;
GRANT DELETE ON workflow_outbox TO tongdian_app;
GRANT SELECT, UPDATE (salt, body) ON workflow_eventpayload TO tongdian_erasure;
REVOKE EXECUTE ON FUNCTION workflow_append(text, text, text) FROM PUBLIC, tongdian_app;

CREATE TRIGGER workflow_event_keep BEFORE UPDATE OR DELETE ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_event_whole BEFORE TRUNCATE ON workflow_event FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_payload_whole BEFORE TRUNCATE ON workflow_eventpayload FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_payload_stay BEFORE DELETE ON workflow_eventpayload FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_deployment_keep BEFORE UPDATE OR DELETE ON workflow_deployment FOR EACH ROW EXECUTE FUNCTION workflow_refuse();

CREATE FUNCTION workflow_payload_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.salt IS NULL AND NEW.body IS NULL AND NEW.stream = OLD.stream AND NEW.number = OLD.number THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A payload can be erased, never changed.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER workflow_payload_keep BEFORE UPDATE ON workflow_eventpayload FOR EACH ROW EXECUTE FUNCTION workflow_payload_erase();

-- Cases: the stage is the log's; a case is never deleted; a case without an event is refused.
CREATE FUNCTION workflow_case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.stage := '';
        NEW.event_number := 0;
    ELSIF (NEW.stage <> OLD.stage OR NEW.event_number <> OLD.event_number) AND current_user <> 'tongdian_owner' THEN
        RAISE EXCEPTION 'The stage of a case changes by its events alone.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_case_guard BEFORE INSERT OR UPDATE ON workflow_case FOR EACH ROW EXECUTE FUNCTION workflow_case_guard();

CREATE FUNCTION workflow_case_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- An exception would roll its own record back; returning NULL keeps the row and the record.
BEGIN
    PERFORM workflow_append('case:' || OLD.id, 'case.delete_attempted', '{}');
    RETURN NULL;
END $$;
CREATE TRIGGER workflow_case_keep BEFORE DELETE ON workflow_case FOR EACH ROW EXECUTE FUNCTION workflow_case_keep();
CREATE TRIGGER workflow_case_whole BEFORE TRUNCATE ON workflow_case FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse();

CREATE FUNCTION workflow_case_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflow_case WHERE id = NEW.id AND event_number = 0) THEN
        RAISE EXCEPTION 'A case begins with an event.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER workflow_case_begun AFTER INSERT ON workflow_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_case_begun();

-- Rungs and contacts: what was fired or registered stays.
CREATE TRIGGER workflow_rung_keep BEFORE UPDATE OR DELETE ON workflow_deadlinerung FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_contact_stay BEFORE DELETE ON workflow_contact FOR EACH ROW EXECUTE FUNCTION workflow_refuse();

CREATE FUNCTION workflow_contact_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.occurred_at, NEW.recorded_at, NEW.channel_id, NEW.receipt_code, NEW.behalf, NEW.self_registered)
       IS DISTINCT FROM
       (OLD.number, OLD.occurred_at, OLD.recorded_at, OLD.channel_id, OLD.receipt_code, OLD.behalf, OLD.self_registered) THEN
        RAISE EXCEPTION 'When and how a contact came in is not changed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_contact_keep BEFORE UPDATE ON workflow_contact FOR EACH ROW EXECUTE FUNCTION workflow_contact_keep();

-- Changes of staff, seen by the database itself, into the person's own stream. Only a digest of the row enters the log.
CREATE FUNCTION workflow_seal_staff() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - 'last_login') = (to_jsonb(NEW) - 'last_login') THEN
        RETURN NULL;
    END IF;
    PERFORM workflow_append('staff:' || (now_row ->> TG_ARGV[0]), 'staff.changed',
        format('{"digest":"%s","op":"%s","table":"%s"}',
               encode(sha256(convert_to((now_row - 'last_login')::text, 'UTF8')), 'hex'), lower(TG_OP), TG_TABLE_NAME));
    RETURN NULL;
END $$;

-- django-simple-history's tables are ordinary tables: force the time, seal each row, refuse edits.
CREATE FUNCTION workflow_history_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.history_date := ledger_now();
    RETURN NEW;
END $$;

CREATE FUNCTION workflow_seal_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_row jsonb := to_jsonb(NEW);
BEGIN
    PERFORM workflow_append('history:' || TG_ARGV[0] || ':' || (now_row ->> TG_ARGV[1]), 'history.recorded',
        format('{"digest":"%s","type":"%s"}', encode(sha256(convert_to(now_row::text, 'UTF8')), 'hex'), now_row ->> 'history_type'));
    RETURN NULL;
END $$;

CREATE FUNCTION workflow_guard_history(history_table text, base_table text, key_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER history_time BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION workflow_history_time()', history_table);
    EXECUTE format('CREATE TRIGGER history_seal AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION workflow_seal_history(%L, %L)',
                   history_table, base_table, key_column);
    EXECUTE format('CREATE TRIGGER history_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()', history_table);
    EXECUTE format('CREATE TRIGGER history_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse()', history_table);
END $$;

