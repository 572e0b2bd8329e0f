"""Production: `gunicorn -c config/gunicorn.conf.py wsgi:app`, and beside it one or more `tracker scheduler`.

No worker starts a clock of its own. Behind a proxy set TRACKER_WEB_PROXIES and TRACKER_WEB_HTTPS.
"""

import os

bind = os.environ.get("TRACKER_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 20
control_socket_disable = True
accesslog = None
errorlog = "-"
