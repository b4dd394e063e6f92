DROP TRIGGER takenalong_keep ON workflow_takenalong;
DROP TRIGGER appointment_keep ON workflow_appointment;
DROP FUNCTION workflow_field_guard();
