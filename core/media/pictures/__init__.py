"""Pictures that people send: decoded and written anew in a limited process."""
