"""Git: register files in a repository in; their history, one revision a commit, out."""
