"""What real Spark prints for a frame, as text."""


def tree(frame) -> str:
    """frame.printSchema()"""
    return frame._jdf.schema().treeString() + "\n"  # pylint: disable=protected-access


def table(frame, rows: int = 20, truncate: int = 20) -> str:
    """frame.show(rows, truncate); 0 means whole values"""
    return frame._show_string(rows, truncate or False, False) + "\n"  # pylint: disable=protected-access


def sorted_lines(text: str) -> list:
    """A table's lines without their order, for Spark reads large files first."""
    return sorted(text.splitlines())
