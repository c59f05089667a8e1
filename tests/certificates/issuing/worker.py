"""A worker of its own process: does one job, so that a test can kill it.

`python -m tests.certificates.issuing.worker DB JOB`
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.certificates.issuing import letters
from app.jobs import runner
from config import Testing


def main(database: str, job_id: int, pause: float) -> None:
    config = Testing()
    config.INSTANCE_PATH = Path(tempfile.gettempdir())
    config.SQLALCHEMY_DATABASE_URI = database
    app = create_app(config)
    if pause:
        tell = letters.tell

        def slowly(*args: object) -> bool:
            time.sleep(pause)
            return tell(*args)  # type: ignore[arg-type]  # the same arguments

        letters.tell = slowly  # type: ignore[assignment]  # a stand-in with the same arguments
    with app.app_context():
        runner.run(job_id)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
