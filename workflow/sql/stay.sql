-- More that stays: what an event's header does not seal can't be in its columns, a payload is the one that was sealed,
-- a pause begins where it was recorded and ends once, and who held a task or could see a case is never forgotten.

ALTER TABLE workflow_event
    ADD CONSTRAINT event_state_whole CHECK (state_to IS NOT NULL OR state_from IS NULL),
    ADD CONSTRAINT event_task_whole CHECK ((task_node IS NULL) = (task_round IS NULL));

CREATE FUNCTION workflow_payload_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM workflow_event WHERE stream = NEW.stream AND number = NEW.number
                   AND payload_digest = encode(sha256(NEW.salt || convert_to(NEW.body, 'UTF8')), 'hex')) THEN
        RAISE EXCEPTION 'A payload belongs to the event that sealed it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER workflow_payload_fits AFTER INSERT ON workflow_eventpayload FOR EACH ROW EXECUTE FUNCTION workflow_payload_fits();

CREATE FUNCTION workflow_pause_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.case_id, NEW.reason_id, NEW.evidence, NEW.began_at, NEW.began_number, NEW.asked_by_id, NEW.approved_by_id)
       IS DISTINCT FROM
       (OLD.case_id, OLD.reason_id, OLD.evidence, OLD.began_at, OLD.began_number, OLD.asked_by_id, OLD.approved_by_id)
       OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'A pause is ended, once, and never changed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_pause_keep BEFORE UPDATE ON workflow_pause FOR EACH ROW EXECUTE FUNCTION workflow_pause_keep();

CREATE TRIGGER workflow_pause_stay BEFORE DELETE ON workflow_pause FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_holder_stay BEFORE DELETE ON workflow_taskholder FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_task_stay BEFORE DELETE ON workflow_task FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_deadline_stay BEFORE DELETE ON workflow_deadline FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_access_stay BEFORE DELETE ON workflow_caseaccess FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
