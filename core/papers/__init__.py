"""Papers: the award table as XLSX and CSV. They print values; they decide nothing and read no database.

document  document_text  document_v1  wording  csv_table  styles  page  award_page  standings_page  sheets_page  rules_page  workbook
"""
