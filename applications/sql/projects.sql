-- What was applied for many times over stays: projects, their units and papers, and every sheet that was sent in.
CREATE TRIGGER project_keep BEFORE DELETE ON applications_project FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER projectunit_keep BEFORE DELETE ON applications_projectunit FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER projectpaper_keep BEFORE DELETE ON applications_projectpaper FOR EACH ROW EXECUTE FUNCTION workflow_refuse();
CREATE TRIGGER projectsheet_keep BEFORE DELETE ON applications_projectsheet
    FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION workflow_refuse();
