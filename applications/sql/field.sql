-- What came from a device stays as it came; it is settled once.
CREATE FUNCTION applications_capture_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL
       OR (NEW.application_id, NEW.taken_id, NEW.act, NEW.body, NEW.captured_at, NEW.kept_at, NEW.kept_number)
          IS DISTINCT FROM (OLD.application_id, OLD.taken_id, OLD.act, OLD.body, OLD.captured_at, OLD.kept_at, OLD.kept_number) THEN
        RAISE EXCEPTION 'What was captured stays as it came; it is settled once.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capture_keep BEFORE UPDATE OR DELETE ON applications_capture
    FOR EACH ROW EXECUTE FUNCTION applications_capture_guard();
SELECT workflow_guard_history('applications_historicalvisititem', 'applications_visititem', 'id');
