-- Ladders are rules: caches are keyed by the stamp, and their history is sealed like that of every other rule.
CREATE TRIGGER workflow_restamp AFTER INSERT OR UPDATE OR DELETE ON workflow_ladderstep
    FOR EACH STATEMENT EXECUTE FUNCTION workflow_restamp();
SELECT workflow_guard_history('workflow_historicalladderstep', 'workflow_ladderstep', 'id');

-- What was declared stays as it was declared; only the answer is written to it.
CREATE FUNCTION workflow_overload_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.office_id, NEW.stage, NEW.queue, NEW.hands, NEW.forecast, NEW.reason, NEW.from_at, NEW.to_at, NEW.declared_by_id, NEW.number,
        NEW.answer_due_at)
       IS DISTINCT FROM
       (OLD.office_id, OLD.stage, OLD.queue, OLD.hands, OLD.forecast, OLD.reason, OLD.from_at, OLD.to_at, OLD.declared_by_id, OLD.number,
        OLD.answer_due_at)
       OR (OLD.answered_at IS NOT NULL AND (NEW.answered_at, NEW.answer) IS DISTINCT FROM (OLD.answered_at, OLD.answer)) THEN
        RAISE EXCEPTION 'A declared overload is not changed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_overload_keep BEFORE UPDATE ON workflow_overload FOR EACH ROW EXECUTE FUNCTION workflow_overload_keep();
CREATE TRIGGER workflow_overload_stay BEFORE DELETE ON workflow_overload FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
