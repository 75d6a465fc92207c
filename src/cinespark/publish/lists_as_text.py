"""Columns of lists as JSON, for CSV, which has no form of its own for them."""

import pyarrow as pa
import pyarrow.compute as pc


def with_lists_as_text(table: pa.Table) -> pa.Table:
    """Return a table with each list as a text in JSON: [1,2] or ["a","b"].

    Its elements are numbers, or texts without control characters; null stays null.
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = [as_text(chunk) for chunk in table[place].chunks]
            column = pa.chunked_array(texts, pa.string())
            table = table.set_column(place, pa.field(field.name, pa.string()), column)
    return table


def as_text(lists: pa.ListArray) -> pa.StringArray:
    """Return an array of lists as texts in JSON."""
    values = lists.flatten()
    texts = values.cast(pa.string())
    if pa.types.is_string(values.type):
        for sign in ("\\", '"'):
            texts = pc.replace_substring(texts, sign, f"\\{sign}")
        texts = pc.binary_join_element_wise('"', texts, '"', "")
    ends = pc.cumulative_sum(pc.fill_null(pc.list_value_length(lists), 0))
    starts = pa.concat_arrays([pa.array([0], pa.int32()), ends.cast(pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(starts, texts), ",")
    inside = pc.binary_join_element_wise("[", joined, "]", "")
    return pc.if_else(lists.is_valid(), inside, pa.scalar(None, pa.string()))
