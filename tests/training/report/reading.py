"""Read the tables of a section."""


def quiet(_):
    """Progress that nobody looks at."""


def rows(section, title):
    """The rows of a table by name, each by column."""
    (table,) = [each for each in section.tables if each.title == title]
    return {row[0]: dict(zip(table.columns[1:], row[1:], strict=True)) for row in table.rows}
