-- A closing is told once and ends once, by objection or by taking effect; a hand-on stays as it was.

CREATE FUNCTION workflow_closing_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.contact_id, NEW.outcome, NEW.reason, NEW.told_by_id, NEW.told_at, NEW.told_number, NEW.takes_effect_at)
       IS DISTINCT FROM
       (OLD.contact_id, OLD.outcome, OLD.reason, OLD.told_by_id, OLD.told_at, OLD.told_number, OLD.takes_effect_at)
       OR OLD.objected_at IS NOT NULL OR OLD.effective_at IS NOT NULL THEN
        RAISE EXCEPTION 'What the customer was told stays; it ends once.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workflow_closing_keep BEFORE UPDATE ON workflow_contactclosing FOR EACH ROW EXECUTE FUNCTION workflow_closing_keep();
CREATE TRIGGER workflow_closing_stay BEFORE DELETE ON workflow_contactclosing FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER workflow_handon_stay BEFORE UPDATE OR DELETE ON workflow_handon FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
