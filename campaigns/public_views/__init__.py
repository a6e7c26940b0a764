"""Pages for whoever has a link: no account, no cookie, no script."""
