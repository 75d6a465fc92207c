"""The report: one page of charts with their findings, drawn from the marts."""
