"""Celery, and the whole beat schedule in one table.

PostgreSQL holds every deadline, message and claim; the broker only carries a nudge, so it may
vanish at any moment. Beat says "now", the sweeps find out in the database what is due.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tongdian")
app.config_from_object("django.conf:settings", namespace="CELERY")

#: (task, every so many seconds). A tick not taken before the next one is due is dropped.
SCHEDULE = (
    ("workflow.tasks.relay_outbox", 2),
    ("publicity.tasks.send_notices", 5),
    ("workflow.tasks.heartbeat", 15),
    ("workflow.tasks.sweep_deadlines", 20),
    ("workflow.tasks.find_untended_tasks", 60),
    ("workflow.tasks.close_contacts", 60),
    ("workflow.tasks.tell_people", 60),
    ("workflow.tasks.reckon_deadlines_again", 60),
    ("applications.tasks.carry_out_project_sheets", 5),
    ("integrity.tasks.carry_out_verifications", 3),
    ("applications.tasks.find_lapsed_schemes", 600),
    ("applications.tasks.find_overdue_papers", 300),
    ("applications.tasks.fold_board", 3600),
    ("applications.tasks.send_webhooks", 5),
    ("applications.tasks.forget_webhooks", 86400),
    ("staff.tasks.forget_old_codes", 3600),
)

app.conf.update(
    beat_schedule={
        task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
        for task, seconds in SCHEDULE
    },
    timezone="Asia/Shanghai",
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=240,
    worker_soft_shutdown_timeout=10,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # Longer than the longest task; a killed worker's task is back within seconds of that.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
)
app.autodiscover_tasks()
