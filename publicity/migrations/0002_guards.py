"""Costs' history is watched like every other; what a customer was told is never reworded or removed."""

from django.db import migrations

FORWARD = """
SELECT workflow_guard_history('publicity_historicalcost', 'publicity_cost', 'id');
REVOKE UPDATE, DELETE ON publicity_notice FROM tongdian_app;
GRANT UPDATE (reached, sent_at, attempts, next_try_at) ON publicity_notice TO tongdian_app;
"""

REVERSE = """
REVOKE UPDATE (reached, sent_at, attempts, next_try_at) ON publicity_notice FROM tongdian_app;
GRANT UPDATE, DELETE ON publicity_notice TO tongdian_app;
DROP TRIGGER history_time ON publicity_historicalcost;
DROP TRIGGER history_seal ON publicity_historicalcost;
DROP TRIGGER history_keep ON publicity_historicalcost;
DROP TRIGGER history_whole ON publicity_historicalcost;
"""


class Migration(migrations.Migration):
    dependencies = [("publicity", "0001_publicity"), ("workflow", "0002_guards")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
