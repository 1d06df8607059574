# report.md, and what CI shows of it.
