"""Pages: graphs, reviews, proposals and metrics in, HTML files out that need no server and ask for nothing."""
