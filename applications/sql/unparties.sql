DROP TRIGGER title_keep ON applications_titlequestion;
DROP FUNCTION applications_title_guard();
DROP TRIGGER history_time ON applications_historicaltitlequestion;
DROP TRIGGER history_seal ON applications_historicaltitlequestion;
DROP TRIGGER history_keep ON applications_historicaltitlequestion;
DROP TRIGGER history_whole ON applications_historicaltitlequestion;
DROP TRIGGER fact_keep ON applications_consent;
