# The plan's acceptance criteria.
