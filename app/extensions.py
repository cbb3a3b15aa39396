"""Extension objects, bound to the application in `create_app`."""

from flask import Response
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from app.core.mail import SafeMail
from app.core.model import Base


class SessionlessLogin(LoginManager):  # type: ignore[misc]  # flask-login has no types
    """Keeps no cookie to remember somebody by, and so reads no session for it with every file that is served."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate(compare_type=True, render_as_batch=True)
login_manager = SessionlessLogin()
csrf = CSRFProtect()
babel = Babel()
mail = SafeMail()
