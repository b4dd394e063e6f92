DROP TRIGGER workflow_handon_stay ON workflow_handon;
DROP TRIGGER workflow_closing_stay ON workflow_contactclosing;
DROP TRIGGER workflow_closing_keep ON workflow_contactclosing;
DROP FUNCTION workflow_closing_keep();
