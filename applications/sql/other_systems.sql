-- Addresses other systems are told at: each change is sealed, none is deleted. What those systems said stays as it came.
SELECT workflow_guard_history('applications_historicalwebhooksubscription', 'applications_webhooksubscription', 'id');
CREATE TRIGGER webhook_keep BEFORE DELETE ON applications_webhooksubscription FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER outside_keep BEFORE UPDATE OR DELETE ON applications_outsidefield FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER outside_keep BEFORE UPDATE OR DELETE ON applications_outsidetime FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
