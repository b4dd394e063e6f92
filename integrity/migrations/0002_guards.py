"""Flags are raised and ended, never removed or rewritten; rules get versions; the flags' numbers."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE integrity_flag_no_seq;

REVOKE UPDATE, DELETE ON integrity_checkrule, integrity_checkrule_causes, integrity_flag, integrity_flagnote, integrity_gapanswer
    FROM tongdian_app;
GRANT UPDATE (status, reviewer_id, taken_at, asked_by_id, asked_at, ended_by_id, ended_at) ON integrity_flag TO tongdian_app;
REVOKE DELETE ON integrity_cause FROM tongdian_app;
REVOKE UPDATE, DELETE ON integrity_historicalcause FROM tongdian_app;

CREATE FUNCTION integrity_flag_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.number, NEW.rule_id, NEW.code, NEW.case_id, NEW.about_stream, NEW.about_number, NEW.evidence,
        NEW.opened_at) IS DISTINCT FROM (OLD.id, OLD.number, OLD.rule_id, OLD.code, OLD.case_id, OLD.about_stream, OLD.about_number,
        OLD.evidence, OLD.opened_at) OR OLD.status IN ('explained', 'confirmed', 'dismissed') THEN
        RAISE EXCEPTION 'A flag keeps what it was raised for and how it ended.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER integrity_flag_keep BEFORE UPDATE OR DELETE ON integrity_flag FOR EACH ROW EXECUTE FUNCTION integrity_flag_keep();
CREATE TRIGGER integrity_flag_whole BEFORE TRUNCATE ON integrity_flag FOR EACH STATEMENT EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER integrity_rule_keep BEFORE UPDATE OR DELETE ON integrity_checkrule FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER integrity_answer_keep BEFORE DELETE ON integrity_gapanswer FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
SELECT workflow_guard_history('integrity_historicalcause', 'integrity_cause', 'code');
"""

REVERSE = """
DROP TRIGGER history_time ON integrity_historicalcause;
DROP TRIGGER history_seal ON integrity_historicalcause;
DROP TRIGGER history_keep ON integrity_historicalcause;
DROP TRIGGER history_whole ON integrity_historicalcause;
DROP TRIGGER integrity_answer_keep ON integrity_gapanswer;
DROP TRIGGER integrity_rule_keep ON integrity_checkrule;
DROP TRIGGER integrity_flag_whole ON integrity_flag;
DROP TRIGGER integrity_flag_keep ON integrity_flag;
DROP FUNCTION integrity_flag_keep();
GRANT UPDATE, DELETE ON integrity_historicalcause TO tongdian_app;
GRANT DELETE ON integrity_cause TO tongdian_app;
REVOKE UPDATE (status, reviewer_id, taken_at, asked_by_id, asked_at, ended_by_id, ended_at) ON integrity_flag FROM tongdian_app;
GRANT UPDATE, DELETE ON integrity_checkrule, integrity_checkrule_causes, integrity_flag, integrity_flagnote, integrity_gapanswer
    TO tongdian_app;
DROP SEQUENCE integrity_flag_no_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("integrity", "0001_flags"), ("workflow", "0002_guards")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
