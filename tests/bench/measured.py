"""An application on the scaled data, in this process, with signed-in browsers."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Measured:
    """An application on the scaled data, in this process: CPU time and statements of a request."""

    def __init__(self, folder: Path, names: Iterable[str] = ("admin", "koordinator.gaziantep", "izleyici")) -> None:
        os.environ.update(YETKIN_ENV="development", YETKIN_INSTANCE=str(folder))
        import sqlalchemy as sa
        from sqlalchemy import event

        from app import create_app
        from app.access.models import SignIn, User
        from app.access.scope import EVERYWHERE
        from app.access.sign_in import secrets
        from app.core.db import db
        from config import chosen

        self.app = create_app(chosen())
        self.statements = 0
        with self.app.app_context():
            # those of earlier runs would stand on their owners' pages
            earlier = sa.delete(SignIn).where(SignIn.device == "bench")
            db.session.execute(EVERYWHERE.trusting(earlier, SignIn))

            @event.listens_for(db.engine, "before_cursor_execute")
            def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
                self.statements += not statement.startswith("BEGIN")

            self.browsers = {}
            for name in names:
                token = secrets.token()
                user = db.session.scalars(EVERYWHERE.select(User).where(User.email == f"{name}@yetkin.example")).one()
                db.session.add(SignIn(token_hash=secrets.digest(token), user_id=user.id, device="bench"))
                db.session.commit()
                browser = self.app.test_client()
                with browser.session_transaction() as cookie:
                    cookie["_user_id"] = token
                    cookie["_fresh"] = True
                self.browsers[name] = browser
            self.counted = {
                table: db.session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
                for table in ("employees", "enrolments", "certificates")
            }
            db.session.remove()
        gc.collect()
        gc.freeze()  # as where it is served: what the start made is not walked again

    def get(
        self, path: str, who: str = "admin", times: int = 15, before: Callable[[], None] = lambda: None, says: str = ""
    ) -> tuple[float, int, int]:
        """Median CPU milliseconds, statements and bytes of one GET (after a warm-up), each after `before`, unmeasured;
        the answer holds what it `says`.
        """
        browser = self.browsers[who]
        costs = []
        for round_ in range(times + 2):
            before()
            self.statements = 0
            began = time.process_time()
            answer = browser.get(path)
            cost = (time.process_time() - began) * 1000
            assert answer.status_code == 200, (path, answer.status_code)
            assert says in answer.text, (path, says)
            if round_ > 1:
                costs.append(cost)
        return statistics.median(costs), self.statements, len(answer.data)
