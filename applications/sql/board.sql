-- What boards read: one narrow row a case in progress, and tallies of what is over. Both follow the truth in its own transaction.

-- A case as boards see it: reckoned from case, clocks, tasks, pauses and contacts; the one definition, for triggers, rebuilding and tests.
CREATE FUNCTION board_face(cases uuid[]) RETURNS SETOF applications_boardcase LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT c.id, CASE WHEN c.stage IN ('CONTACT', 'DRAFT') THEN 'INTAKE' ELSE c.stage END,
           coalesce(a.supply_class, split_part(k.category, '.', 2), ''), coalesce(c.first_contact_at, c.opened_at),
           d.due_at, d.outward_due_at, coalesce(d.stands, false), p.began_at,
           CASE WHEN p.began_at IS NOT NULL THEN 'paused'
                WHEN t.id IS NULL THEN 'contact'
                WHEN t.doer <> 'officer' THEN t.doer
                WHEN t.wait_cause <> '' THEN t.wait_cause
                WHEN t.held THEN 'in_hand'
                WHEN t.offered_to_county_at IS NOT NULL THEN 'county'
                ELSE 'untaken' END,
           CASE WHEN t.doer = 'officer' THEN t.competence ELSE '' END,
           coalesce(p.began_at, t.opened_at, c.first_contact_at, c.opened_at),
           d.limit_id, t.office_id, c.office_id, t.id
    FROM workflow_case c
    LEFT JOIN applications_application a ON a.case_id = c.id
    LEFT JOIN LATERAL (SELECT category FROM workflow_contact WHERE case_id = c.id AND a.supply_class IS NULL
                       ORDER BY number LIMIT 1) k ON true
    LEFT JOIN LATERAL (
        SELECT min(e.due_at) AS due_at, min(e.due_at) FILTER (WHERE l.kind <> 'internal') AS outward_due_at,
               bool_or(e.due_at IS NULL AND l.days IS NOT NULL) AS stands,
               (array_agg(e.limit_id ORDER BY e.due_at, l.kind DESC, e.limit_id) FILTER (WHERE e.due_at IS NOT NULL))[1] AS limit_id,
               (array_agg(e.task_id ORDER BY e.due_at, l.kind DESC, e.limit_id) FILTER (WHERE e.due_at IS NOT NULL))[1] AS task_id
        FROM workflow_deadline e JOIN workflow_limit l ON l.id = e.limit_id
        WHERE e.case_id = c.id AND e.stopped_at IS NULL AND e.started_at IS NOT NULL AND l.holder = 'utility') d ON true
    LEFT JOIN LATERAL (SELECT min(began_at) AS began_at FROM workflow_pause WHERE case_id = c.id AND ended_at IS NULL) p ON true
    LEFT JOIN LATERAL (
        SELECT o.*, EXISTS (SELECT FROM workflow_taskholder h WHERE h.task_id = o.id AND h.until_at IS NULL) AS held
        FROM workflow_task o WHERE o.case_id = c.id AND o.outcome = ''
        ORDER BY o.id IS NOT DISTINCT FROM d.task_id DESC, o.doer <> 'officer', o.opened_at, o.id LIMIT 1) t ON true
    WHERE c.id = ANY (cases) AND c.stage IN ('CONTACT', 'DRAFT', 'INTAKE', 'SURVEY', 'SCHEME', 'CONTRACT', 'WORKS', 'INSPECTION', 'CONNECTION', 'ARCHIVING')
$$;

CREATE FUNCTION board_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date $$;

-- Nothing while the clock runs, or where it ended with its case before running out.
CREATE FUNCTION board_due_key(due_at timestamptz, stopped_at timestamptz, reason text, stop_kinds text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN stopped_at > due_at THEN 'missed' WHEN stopped_at <= due_at AND reason = ANY (stop_kinds) THEN 'kept' END
$$;

CREATE FUNCTION board_lit(of_case uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT max(e.recorded_at) FROM applications_application a JOIN applications_energisation e ON e.application_id = a.id WHERE a.case_id = of_case
$$;

CREATE FUNCTION board_entered(into_stream text, before integer, into_state text) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT recorded_at FROM workflow_event
    WHERE stream = into_stream AND number < before AND state_to = into_state AND state_from IS DISTINCT FROM into_state
    ORDER BY number DESC LIMIT 1
$$;

CREATE FUNCTION board_notes(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind = ANY ('{contact.registered,application.accepted,application.refused,documents.requested,scheme.returned,scheme.objected,scheme.revised,design.returned,rectification.required,case.went_back,case.withdrawn,case.terminated,clock.paused,supervision.ordered}'::text[])
$$;

-- What is over, of some cases: limits of law and promise fallen due and stopped, stages left, cases energised, events of note.
CREATE FUNCTION board_facts(cases uuid[]) RETURNS TABLE (case_id uuid, measure text, key text, from_date date, to_date date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT d.case_id, 'due', board_due_key(d.due_at, d.stopped_at, d.stop_reason, l.stop_kinds), NULL::date, board_day(d.due_at)
    FROM workflow_deadline d JOIN workflow_limit l ON l.id = d.limit_id
    WHERE d.case_id = ANY (cases) AND l.holder = 'utility' AND l.kind <> 'internal' AND d.started_at IS NOT NULL
      AND board_due_key(d.due_at, d.stopped_at, d.stop_reason, l.stop_kinds) IS NOT NULL
    UNION ALL
    SELECT c.id, 'power', '', board_day(c.first_contact_at), board_day(lit.lit_at)
    FROM workflow_case c CROSS JOIN LATERAL board_lit(c.id) AS lit(lit_at)
    WHERE c.id = ANY (cases) AND c.stage IN ('ARCHIVING', 'ARCHIVED') AND c.first_contact_at IS NOT NULL AND lit.lit_at IS NOT NULL
    UNION ALL
    SELECT c, 'stage', concat(e.state_from, '>', e.state_to), board_day(board_entered(e.stream, e.number, e.state_from)), board_day(e.recorded_at)
    FROM unnest(cases) c JOIN workflow_event e ON e.stream = 'case:' || c AND e.state_to IS NOT NULL AND e.state_to IS DISTINCT FROM e.state_from
    UNION ALL
    SELECT c, 'event', e.kind, NULL, board_day(e.recorded_at)
    FROM unnest(cases) c JOIN workflow_event e ON e.stream = 'case:' || c AND board_notes(e.kind)
$$;

-- Under which office and category a case is counted: as boards show it now, or as it stood when it ended.
CREATE FUNCTION board_place(cases uuid[]) RETURNS TABLE (case_id uuid, office_id bigint, category text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT c.id, coalesce(b.office_id, c.office_id), coalesce(b.category, a.supply_class, split_part(k.category, '.', 2), '')
    FROM workflow_case c
    LEFT JOIN applications_boardcase b ON b.case_id = c.id
    LEFT JOIN applications_application a ON a.case_id = c.id
    LEFT JOIN LATERAL (SELECT category FROM workflow_contact WHERE case_id = c.id AND a.supply_class IS NULL AND b.case_id IS NULL
                       ORDER BY number LIMIT 1) k ON true
    WHERE c.id = ANY (cases)
$$;

CREATE FUNCTION board_refresh(cases uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The lock first, then a new statement: whoever changed the same case before us has committed, and what we reckon from is complete.
BEGIN
    IF cardinality(cases) IS NULL OR cardinality(cases) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM workflow_case WHERE id = ANY (cases) ORDER BY id FOR NO KEY UPDATE;
    WITH moved AS (
        SELECT o.case_id, o.office_id AS o_office, o.category AS o_category, n.office_id AS n_office, n.category AS n_category
        FROM applications_boardcase o JOIN board_face(cases) n USING (case_id)
        WHERE o.case_id = ANY (cases) AND (o.office_id, o.category) IS DISTINCT FROM (n.office_id, n.category)
    ), facts AS (
        SELECT m.*, f.measure, f.key, f.from_date, f.to_date
        FROM (SELECT array_agg(case_id) AS ids FROM moved) i CROSS JOIN LATERAL board_facts(i.ids) f JOIN moved m USING (case_id)
    )
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    SELECT measure, key, o_office, o_category, from_date, to_date, -1, false FROM facts
    UNION ALL SELECT measure, key, n_office, n_category, from_date, to_date, 1, false FROM facts;
    DELETE FROM applications_boardcase b WHERE b.case_id = ANY (cases)
        AND NOT EXISTS (SELECT FROM board_face(ARRAY[b.case_id]));
    INSERT INTO applications_boardcase AS b SELECT * FROM board_face(cases)
    ON CONFLICT (case_id) DO UPDATE SET
        (stage, category, since, due_at, outward_due_at, stands, stands_since, cause, competence, waits_since, limit_id, office_id, task_id, task_office_id)
        = (excluded.stage, excluded.category, excluded.since, excluded.due_at, excluded.outward_due_at, excluded.stands, excluded.stands_since,
           excluded.cause, excluded.competence, excluded.waits_since, excluded.limit_id, excluded.office_id, excluded.task_id, excluded.task_office_id)
        WHERE b.* IS DISTINCT FROM excluded.*;
END $$;

CREATE FUNCTION board_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- For task, pause, contact: whatever was added or changed, its case is reckoned again. Closed cases cost one look.
BEGIN
    PERFORM board_refresh(ARRAY(SELECT DISTINCT case_id FROM fresh));
    RETURN NULL;
END $$;

CREATE FUNCTION board_follow_holders() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM board_refresh(ARRAY(SELECT DISTINCT t.case_id FROM fresh JOIN workflow_task t ON t.id = fresh.task_id));
    RETURN NULL;
END $$;

CREATE FUNCTION board_follow_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What has ended already has no row that would tell its old place: its facts move here.
BEGIN
    IF (OLD.office_id, OLD.first_contact_at) IS DISTINCT FROM (NEW.office_id, NEW.first_contact_at)
       AND NOT EXISTS (SELECT FROM applications_boardcase WHERE case_id = NEW.id) THEN
        INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
        SELECT f.measure, f.key, o.office_id, p.category,
               CASE WHEN f.measure = 'power' THEN board_day(o.first_contact_at) ELSE f.from_date END, f.to_date, o.n, false
        FROM board_facts(ARRAY[NEW.id]) f CROSS JOIN board_place(ARRAY[NEW.id]) p
        CROSS JOIN (VALUES (OLD.office_id, OLD.first_contact_at, -1), (NEW.office_id, NEW.first_contact_at, 1)) AS o (office_id, first_contact_at, n)
        WHERE f.measure <> 'power' OR o.first_contact_at IS NOT NULL;
    ELSIF OLD.first_contact_at IS DISTINCT FROM NEW.first_contact_at AND OLD.stage = 'ARCHIVING' AND NEW.stage = 'ARCHIVING' THEN
        INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
        SELECT 'power', '', p.office_id, p.category, board_day(o.first_contact_at), board_day(board_lit(NEW.id)), o.n, false
        FROM board_place(ARRAY[NEW.id]) p CROSS JOIN (VALUES (OLD.first_contact_at, -1), (NEW.first_contact_at, 1)) AS o (first_contact_at, n)
        WHERE o.first_contact_at IS NOT NULL AND board_lit(NEW.id) IS NOT NULL;
    END IF;
    PERFORM board_refresh(ARRAY[NEW.id]);
    RETURN NULL;
END $$;

CREATE FUNCTION board_follow_application() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.supply_class <> NEW.supply_class AND NOT EXISTS (SELECT FROM applications_boardcase WHERE case_id = NEW.case_id) THEN
        INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
        SELECT f.measure, f.key, c.office_id, o.category, f.from_date, f.to_date, o.n, false
        FROM workflow_case c CROSS JOIN board_facts(ARRAY[NEW.case_id]) f CROSS JOIN (VALUES (OLD.supply_class, -1), (NEW.supply_class, 1)) AS o (category, n)
        WHERE c.id = NEW.case_id;
    END IF;
    PERFORM board_refresh(ARRAY[NEW.case_id]);
    RETURN NULL;
END $$;


CREATE FUNCTION board_follow_new_clocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    SELECT 'due', f.key, p.office_id, p.category, NULL, f.day, count(*), false
    FROM (SELECT d.case_id, board_due_key(d.due_at, d.stopped_at, d.stop_reason, l.stop_kinds) AS key, board_day(d.due_at) AS day
          FROM fresh d JOIN workflow_limit l ON l.id = d.limit_id
          WHERE d.stopped_at IS NOT NULL AND d.started_at IS NOT NULL AND l.holder = 'utility' AND l.kind <> 'internal') f
    JOIN board_place(ARRAY(SELECT DISTINCT case_id FROM fresh WHERE stopped_at IS NOT NULL)) p USING (case_id)
    WHERE f.key IS NOT NULL GROUP BY f.key, p.office_id, p.category, f.day;
    PERFORM board_refresh(ARRAY(SELECT DISTINCT case_id FROM fresh WHERE stopped_at IS NULL));
    RETURN NULL;
END $$;

CREATE FUNCTION board_follow_clocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A sweep that only climbs a rung changes nothing here and costs one join of what it changed.
DECLARE
    touched uuid[] := ARRAY(
        SELECT DISTINCT n.case_id FROM fresh n JOIN stale o ON o.id = n.id
        WHERE (n.limit_id, n.task_id, n.started_at, n.stopped_at, n.stop_reason, n.due_at)
              IS DISTINCT FROM (o.limit_id, o.task_id, o.started_at, o.stopped_at, o.stop_reason, o.due_at));
BEGIN
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    SELECT 'due', f.key, p.office_id, p.category, NULL, f.day, sum(f.n), false
    FROM (SELECT d.case_id, board_due_key(d.due_at, d.stopped_at, d.stop_reason, l.stop_kinds) AS key, board_day(d.due_at) AS day, d.n
          FROM (SELECT case_id, limit_id, started_at, stopped_at, stop_reason, due_at, 1 AS n FROM fresh
                UNION ALL SELECT case_id, limit_id, started_at, stopped_at, stop_reason, due_at, -1 FROM stale) d
          JOIN workflow_limit l ON l.id = d.limit_id
          WHERE d.case_id = ANY (touched) AND d.stopped_at IS NOT NULL AND d.started_at IS NOT NULL AND l.holder = 'utility' AND l.kind <> 'internal') f
    JOIN board_place(touched) p USING (case_id)
    WHERE f.key IS NOT NULL GROUP BY f.key, p.office_id, p.category, f.day HAVING sum(f.n) <> 0;
    PERFORM board_refresh(touched);
    RETURN NULL;
END $$;

CREATE FUNCTION board_follow_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine uuid := substr(NEW.stream, 6)::uuid;
    here record;
BEGIN
    SELECT * INTO here FROM board_place(ARRAY[mine]);
    IF here IS NULL THEN
        RETURN NULL;
    END IF;
    IF board_notes(NEW.kind) THEN
        INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
        VALUES ('event', NEW.kind, here.office_id, here.category, NULL, board_day(NEW.recorded_at), 1, false);
    END IF;
    IF NEW.state_to IS NULL OR NEW.state_to IS NOT DISTINCT FROM NEW.state_from THEN
        RETURN NULL;
    END IF;
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    VALUES ('stage', concat(NEW.state_from, '>', NEW.state_to), here.office_id, here.category,
            board_day(board_entered(NEW.stream, NEW.number, NEW.state_from)), board_day(NEW.recorded_at), 1, false);
    IF (NEW.state_to IN ('ARCHIVING', 'ARCHIVED')) <> coalesce(NEW.state_from IN ('ARCHIVING', 'ARCHIVED'), false) THEN
        INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
        SELECT 'power', '', here.office_id, here.category, board_day(c.first_contact_at), board_day(board_lit(mine)),
               CASE WHEN NEW.state_to IN ('ARCHIVING', 'ARCHIVED') THEN 1 ELSE -1 END, false
        FROM workflow_case c WHERE c.id = mine AND c.first_contact_at IS NOT NULL AND board_lit(c.id) IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION board_rebuild(since date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- All of it anew, from the truth: after a bulk load that went past the triggers. Tallies reach back to `since`. Nobody writes meanwhile.
BEGIN
    LOCK TABLE workflow_case IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM applications_boardcase;
    DELETE FROM applications_boardtally;
    INSERT INTO applications_boardcase SELECT * FROM board_face(ARRAY(SELECT id FROM workflow_case WHERE stage IN
        ('CONTACT', 'DRAFT', 'INTAKE', 'SURVEY', 'SCHEME', 'CONTRACT', 'WORKS', 'INSPECTION', 'CONNECTION', 'ARCHIVING')));
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    SELECT f.measure, f.key, p.office_id, p.category, f.from_date, f.to_date, count(*), true
    FROM (SELECT array_agg(c.id) AS ids FROM (
              SELECT c.id, row_number() OVER (ORDER BY c.id) / 5000 AS part FROM workflow_case c
              WHERE EXISTS (SELECT FROM workflow_event e WHERE e.stream = 'case:' || c.id AND e.number = c.event_number AND e.recorded_at >= since)
          ) c GROUP BY part) batch
    CROSS JOIN LATERAL board_facts(batch.ids) f JOIN LATERAL board_place(batch.ids) p ON p.case_id = f.case_id
    WHERE f.to_date >= since
    GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

CREATE FUNCTION board_fold() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Many small counts of one thing become one. One statement: no reader sees it half done; what is written meanwhile waits for the next time.
    WITH gone AS (DELETE FROM applications_boardtally WHERE NOT folded RETURNING *)
    INSERT INTO applications_boardtally (measure, key, office_id, category, from_date, to_date, n, folded)
    SELECT measure, key, office_id, category, from_date, to_date, sum(n), true FROM gone GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
$$;

CREATE TRIGGER board_task_added AFTER INSERT ON workflow_task REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_task_changed AFTER UPDATE ON workflow_task REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_pause_added AFTER INSERT ON workflow_pause REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_pause_changed AFTER UPDATE ON workflow_pause REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_contact_added AFTER INSERT ON workflow_contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_contact_changed AFTER UPDATE ON workflow_contact REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow();
CREATE TRIGGER board_holder_added AFTER INSERT ON workflow_taskholder REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow_holders();
CREATE TRIGGER board_holder_changed AFTER UPDATE ON workflow_taskholder REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow_holders();
CREATE TRIGGER board_clock_added AFTER INSERT ON workflow_deadline REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow_new_clocks();
CREATE TRIGGER board_clock_changed AFTER UPDATE ON workflow_deadline REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION board_follow_clocks();
CREATE TRIGGER board_case_changed AFTER UPDATE ON workflow_case FOR EACH ROW
    WHEN ((OLD.stage, OLD.office_id, OLD.first_contact_at) IS DISTINCT FROM (NEW.stage, NEW.office_id, NEW.first_contact_at))
    EXECUTE FUNCTION board_follow_case();
CREATE TRIGGER board_application_added AFTER INSERT ON applications_application FOR EACH ROW EXECUTE FUNCTION board_follow_application();
CREATE TRIGGER board_application_changed AFTER UPDATE ON applications_application FOR EACH ROW
    WHEN (OLD.supply_class IS DISTINCT FROM NEW.supply_class) EXECUTE FUNCTION board_follow_application();
CREATE TRIGGER board_event_noted AFTER INSERT ON workflow_event FOR EACH ROW
    WHEN (NEW.stream LIKE 'case:%' AND (NEW.state_to IS NOT NULL OR board_notes(NEW.kind))) EXECUTE FUNCTION board_follow_event();

-- The application reads them; their owner's triggers write them.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON applications_boardcase, applications_boardtally FROM tongdian_app;
REVOKE EXECUTE ON FUNCTION board_refresh(uuid[]), board_rebuild(date) FROM PUBLIC, tongdian_app;
SELECT board_rebuild('1900-01-01');
