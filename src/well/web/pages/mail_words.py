"""What the pages say about documents that go by e-mail.

Invariant: nothing more is claimed than a mail server or a person has said. Pure.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from well.domain.delivery import DeliveryState
from well.domain.flow import Connection

SEMANTICS = gettext_lazy(
    "QuickBooks and FreshBooks take documents by e-mail. Well can prove that the mail server took "
    "it, not that the entry was made; with read access it looks for the entry. A document is "
    "mailed once. If the connection breaks at the decisive moment, you are asked."
)


def mail_line(link: Connection, by_mail: bool) -> str:
    """What keeps documents from being mailed through a connection, "" for nothing."""
    if not by_mail:
        return ""
    if link.mail is None:
        return _("To have documents posted here, enter the inbox that takes them by e-mail.")
    if link.mail.stopped is not None:
        return link.mail.stopped.sentence
    if link.mail.test is not None and link.mail.test.state is DeliveryState.BOUNCED:
        return _("The test came back: %(note)s") % {"note": link.mail.test.note}
    if not link.mail.tested:
        return _("Documents wait until you have confirmed that the test arrived.")
    return ""
