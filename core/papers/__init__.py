"""Papers: the award table as XLSX and CSV. They only print values: they decide nothing and read no database."""
