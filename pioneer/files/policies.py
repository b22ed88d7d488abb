"""附件的规定 What may be stored at all. Who may upload or see a file is asked by the station that owns it."""

from pioneer.files import kinds
from pioneer.kernel.errors import bad

LIMIT = 30 * 1024 * 1024


def require_storable(content: bytes, name: str) -> str:
    """须可存入 The kind of a content, which must not be empty, too large, or on no list."""
    if not content:
        raise bad(f"附件“{name}”", "文件是空的，没有内容。请重新选择文件。")
    if len(content) > LIMIT:
        raise bad(f"附件“{name}”", f"文件超过{LIMIT // 1024 // 1024} MB。请压缩图片或拆成几个文件后再上传。")
    kind = kinds.kind_of(content, name)
    if kind is None:
        raise bad(f"附件“{name}”", f"这种文件不能上传。可以上传{kinds.ALLOWED}；请另存为其中一种再上传。")
    return kind
