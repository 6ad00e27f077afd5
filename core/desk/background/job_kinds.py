"""The register of the kinds of background work. To add one, write its function and its entry here."""

from core.desk.background.entry_mail import MAIL_RECEIPT, MAIL_RETURNED
from core.desk.background.film_checks import FILM_CHECK
from core.desk.background.film_copies import FILM_COPIES
from core.desk.background.film_twins import FILM_TWINS

JOB_KINDS = {kind.key: kind for kind in (FILM_CHECK, FILM_COPIES, FILM_TWINS, MAIL_RECEIPT, MAIL_RETURNED)}
