-- What a version says is agreed to by its digest, so its tree stays as it was; figures of capacity are added, never changed.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'accessdesignreceipt', 'accessdesignrequest', 'capacitycheck', 'capacityfigure', 'capacityimport', 'capacityrelease',
        'meteringpoint', 'objectionanswer', 'priority', 'receivingpoint', 'schemechoice', 'schemeoption', 'schemesource'
    ] LOOP
        EXECUTE format('CREATE TRIGGER fact_keep BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION workflow_refuse()',
                       'applications_' || name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['capacityasset', 'priceparameter', 'schemerule'] LOOP
        PERFORM workflow_guard_history('applications_historical' || name, 'applications_' || name, 'id');
    END LOOP;
END $$;

-- An entry of a queue is left once and never taken away: who waited, for what and since when is part of the record.
CREATE FUNCTION applications_queue_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL
       OR (NEW.application_id, NEW.asset_id, NEW.needed, NEW.first_contact_at, NEW.queued_at)
          IS DISTINCT FROM (OLD.application_id, OLD.asset_id, OLD.needed, OLD.first_contact_at, OLD.queued_at) THEN
        RAISE EXCEPTION 'A place in the queue is left once; nothing else of it changes.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER queue_keep BEFORE UPDATE OR DELETE ON applications_queueentry
    FOR EACH ROW EXECUTE FUNCTION applications_queue_guard();
