-- Appointments and what was taken along end once; who offered what to whom, and what was on which device, is never taken away.
CREATE FUNCTION workflow_field_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR NEW.task_id <> OLD.task_id THEN
        RAISE EXCEPTION 'What was agreed or taken along ends once; nothing of it is taken away.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_keep BEFORE UPDATE OR DELETE ON workflow_appointment
    FOR EACH ROW EXECUTE FUNCTION workflow_field_guard();
CREATE TRIGGER takenalong_keep BEFORE UPDATE OR DELETE ON workflow_takenalong
    FOR EACH ROW EXECUTE FUNCTION workflow_field_guard();
