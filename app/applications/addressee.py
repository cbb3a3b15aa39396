"""By what name a mail greets an applicant (note 040); every mail to one takes it from here.

Anybody may write anybody's address, and any words as a name (design 16): no mail repeats them to an address that nobody
has confirmed, and none repeats what does not read like a name.
"""

from app.applications.models import Application
from app.jp.names import reads_as_name


def addressee(application: Application) -> str:
    """Give the name with which a mail about an application greets; "" where it is to greet without one."""
    is_confirmed = application.mail_confirmed_at is not None
    return name_for(application.family_name, application.given_name, is_confirmed=is_confirmed)


def name_for(family_name: str, given_name: str, *, is_confirmed: bool) -> str:
    """Give the name of somebody whose address is known to be their own or not, as `addressee` does."""
    name = f"{family_name} {given_name}".strip()
    return name if is_confirmed and reads_as_name(name) else ""
