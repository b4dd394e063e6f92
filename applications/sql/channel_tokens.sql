-- Every change of a token is sealed; a token is revoked, never deleted.
SELECT workflow_guard_history('applications_historicalchanneltoken', 'applications_channeltoken', 'id');
CREATE TRIGGER token_keep BEFORE DELETE ON applications_channeltoken FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
