DROP TRIGGER board_task_added ON workflow_task;
DROP TRIGGER board_task_changed ON workflow_task;
DROP TRIGGER board_pause_added ON workflow_pause;
DROP TRIGGER board_pause_changed ON workflow_pause;
DROP TRIGGER board_contact_added ON workflow_contact;
DROP TRIGGER board_contact_changed ON workflow_contact;
DROP TRIGGER board_holder_added ON workflow_taskholder;
DROP TRIGGER board_holder_changed ON workflow_taskholder;
DROP TRIGGER board_clock_added ON workflow_deadline;
DROP TRIGGER board_clock_changed ON workflow_deadline;
DROP TRIGGER board_case_changed ON workflow_case;
DROP TRIGGER board_application_added ON applications_application;
DROP TRIGGER board_application_changed ON applications_application;
DROP TRIGGER board_event_noted ON workflow_event;
DROP FUNCTION board_fold(), board_rebuild(date), board_follow_event(), board_follow_clocks(), board_follow_new_clocks(), board_follow_application(),
    board_follow_case(), board_follow_holders(), board_follow(), board_refresh(uuid[]), board_place(uuid[]), board_facts(uuid[]), board_face(uuid[]),
    board_entered(text, integer, text), board_lit(uuid), board_notes(text), board_due_key(timestamptz, timestamptz, text, text[]), board_day(timestamptz);
