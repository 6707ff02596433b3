"""Fixtures that the whole suite shares; more live beside the tests that need them."""
