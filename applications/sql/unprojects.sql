DROP TRIGGER project_keep ON applications_project;
DROP TRIGGER projectunit_keep ON applications_projectunit;
DROP TRIGGER projectpaper_keep ON applications_projectpaper;
DROP TRIGGER projectsheet_keep ON applications_projectsheet;
