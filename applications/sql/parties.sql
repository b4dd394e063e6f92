-- A consent stays as it was given; a question about the title is settled once and stays.
CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON applications_consent FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
SELECT workflow_guard_history('applications_historicaltitlequestion', 'applications_titlequestion', 'id');

CREATE FUNCTION applications_title_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL
       OR (NEW.application_id, NEW.decider, NEW.until_date, NEW.note, NEW.asked_by_id, NEW.asked_at)
          IS DISTINCT FROM (OLD.application_id, OLD.decider, OLD.until_date, OLD.note, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'A question about the title is settled, once, and never changed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER title_keep BEFORE UPDATE OR DELETE ON applications_titlequestion
    FOR EACH ROW EXECUTE FUNCTION applications_title_guard();
