DROP TRIGGER queue_keep ON applications_queueentry;
DROP FUNCTION applications_queue_guard();
DROP TRIGGER fact_keep ON applications_meteringpoint;
DROP TRIGGER fact_keep ON applications_schemesource;
