from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assay.client.retry import RetryPolicy
from assay.client.stream import ResultStream
from assay.contract import ItemResult


@given(
    names=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8),
    cuts=st.lists(st.integers(min_value=0, max_value=2000), max_size=12),
)
def test_results_are_read_whole_however_the_bytes_are_cut(names: list[str], cuts: list[int]) -> None:
    results = [ItemResult(id=name, index=place, reward=0.5) for place, name in enumerate(names)]
    data = b"\n" + b"".join(result.model_dump_json().encode() + b"\n\n" for result in results)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    stream = ResultStream("http://assay", "b1", 7, RetryPolicy())
    read = [result for low, high in pairwise(edges) for result in stream.feed(data[low:high])]
    assert read == results
    assert stream.path == f"/v1/batches/b1/results?from={7 + len(results)}"
