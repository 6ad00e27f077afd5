"""Every key of `st.session_state` that pages use, in one place so that no key has two meanings."""

NOTICE = "kit.notice"  # the toast (text, icon) for the next complete run
NEW_ACCOUNT = "admin.new_account"  # (username, temporary password), shown until it is hidden
ACCOUNTS_MADE = "admin.accounts_made"  # accounts made in this session; in the form's key, so each new form is empty
RESET_LINK = "admin.reset_link"  # (username, one-time link), shown until it is hidden
LINK_USED = "account.link_used"  # True once a one-time link has set the password
AUTHENTICATOR = ("authentication_status", "username", "name", "email", "roles", "logout", "password_hint")
OFFICIAL_ACTS = "secretary.official_acts"  # the same as PANEL_ACTS, on the page of officials
FINALS_ACTS = "finals.acts"  # the same, on the page of the finalists
PANEL_ACTS = "chief.acts"  # successful actions in this session; in the forms' keys, so each new form is empty
