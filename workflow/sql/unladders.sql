DROP TRIGGER workflow_overload_stay ON workflow_overload;
DROP TRIGGER workflow_overload_keep ON workflow_overload;
DROP FUNCTION workflow_overload_keep();
DROP TRIGGER history_whole ON workflow_historicalladderstep;
DROP TRIGGER history_keep ON workflow_historicalladderstep;
DROP TRIGGER history_seal ON workflow_historicalladderstep;
DROP TRIGGER history_time ON workflow_historicalladderstep;
DROP TRIGGER workflow_restamp ON workflow_ladderstep;
