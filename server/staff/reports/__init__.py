"""Reports 报表: proof of play, uptime, coverage, the screen ledger, and the audit with its chain.

Views only: `server.reports` counts, and every page shows what is in the reader's reach.  Each table
is there as a page, as CSV and as XLSX (`sheets`); the ledger also as A4 (PDF).
"""
