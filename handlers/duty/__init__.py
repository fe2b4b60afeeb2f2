"""Who is asked: the roster of posts, shifts and leave, the routes, and the hand-over when somebody goes."""
