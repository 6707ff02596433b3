"""The cache of content hands out what was put in."""

from config.caches import SharedCache


def a_cache(**params):
    return SharedCache("a test", params)


def test_the_same_thing_comes_out():
    cache, thing = a_cache(), object()
    cache.set("thing", thing)
    assert cache.get("thing") is thing
    assert cache.get_or_set("thing", object) is thing
    assert not cache.add("thing", object())
    cache.clear()


def test_it_ends_after_its_time():
    cache = a_cache()
    cache.set("thing", 1, timeout=-1)
    assert cache.get("thing", "gone") == "gone"
    assert cache.add("thing", 2)
    cache.clear()


def test_it_holds_so_many_and_no_more():
    cache = a_cache(OPTIONS={"MAX_ENTRIES": 3})
    for number in range(9):
        cache.set(str(number), number)
    assert len(cache._cache) == 3
    assert cache.get("8") == 8
    cache.clear()
