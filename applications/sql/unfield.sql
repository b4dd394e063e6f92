DROP TRIGGER capture_keep ON applications_capture;
DROP FUNCTION applications_capture_guard();
