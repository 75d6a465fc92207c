"""What Spark's launcher is told of Java."""

from cinespark.class_archive import quoted


def test_options_survive_being_taken_apart():
    assert quoted("-Da=b c", "-XX:+UseParallelGC") == '"-Da=b c" "-XX:+UseParallelGC"'
    assert quoted('-Da=x"y') == r'"-Da=x\"y"'
    assert quoted(r"-Da=c:\d e") == r'"-Da=c:\\d e"'
