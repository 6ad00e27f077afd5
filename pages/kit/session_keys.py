"""Every key of `st.session_state` that pages use, so that none means two things."""

NOTICE = "kit.notice"  # what an act has done, said once the page shows it
NEW_ACCOUNT = "admin.new_account"  # the temporary password just made, shown until it is handed over
ACCOUNTS_MADE = "admin.accounts_made"  # how many this window has made: each has a form of its own
RESET_LINK = "admin.reset_link"  # the one-time link just made, shown until it is handed over
LINK_USED = "account.link_used"  # the password was set by a one-time link
AUTHENTICATOR = ("authentication_status", "username", "name", "email", "roles", "logout", "password_hint")
PANEL_ACTS = "chief.acts"  # how many acts this window has seen through: each has a form of its own
