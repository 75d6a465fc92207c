"""Text as Spark SQL writes it."""


def text_literal(text: str) -> str:
    r"""Return the literal that Spark reads as exactly this text.

    `${` is written `\u0024{`, because Spark replaces `${spark.master}` in statements.
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("${", "\\u0024{") + "'"
