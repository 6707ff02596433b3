from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from config.static import StaticStorage


def collected(storage: StaticStorage, source: FileSystemStorage, text: str) -> str:
    """Collects a style sheet of this text, as `collectstatic` does; its address afterwards."""
    for one in (source, storage):
        one.delete("sheet.css")
        one.save("sheet.css", ContentFile(text))
    for _name, _hashed, fault in storage.post_process({"sheet.css": (source, "sheet.css")}):
        assert fault is True
    return storage.url("sheet.css")


def test_an_address_is_made_once_and_anew_when_files_are_collected(tmp_path, monkeypatch):
    storage = StaticStorage(location=tmp_path / "collected", base_url="/static/")
    source = FileSystemStorage(location=tmp_path / "source")
    first = collected(storage, source, "p { color: red }")
    assert first.startswith("/static/sheet.")
    assert first != "/static/sheet.css"
    second = collected(storage, source, "p { color: blue }")
    assert second.startswith("/static/sheet.")
    assert second != first
    monkeypatch.setattr(storage, "stored_name", None)  # it is not asked again
    assert storage.url("sheet.css") == second
