"""Every key of `st.session_state` that pages use, in one place so that no key has two meanings."""

NOTICE = "kit.notice"  # the toast (text, icon) for the next complete run
ACTS = "kit.acts"  # successful acts in this session; in the keys of forms, so each new form is empty
SEEN = "kit.seen"  # and the name of a form: what it was drawn from
NEW_ACCOUNT = "admin.new_account"  # (username, temporary password), shown until it is hidden
RESET_LINK = "admin.reset_link"  # (username, one-time link), shown until it is hidden
LINK_USED = "account.link_used"  # True once a one-time link has set the password
AUTHENTICATOR = ("authentication_status", "username", "name", "email", "roles", "logout", "password_hint")
