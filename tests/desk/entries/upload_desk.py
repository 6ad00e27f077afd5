"""An upload area over a database, for tests: one film of 300 kB, two holders, one piece a call."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.desk.uploads import upload_pieces, uploads
from core.desk.uploads.upload_pieces import Checksum
from core.desk.uploads.uploads import Holder, UploadArea
from core.store.engine import Store
from core.store.queries.uploads import Upload
from tests.desk.contest_with_panel import NOW
from tests.fixtures.uploads import film

FILM = film(300_000)
ANA, BEN = Holder("submission:a", "10.0.0.1"), Holder("submission:b", "10.0.0.2")


@dataclass
class UploadDesk:
    """An empty database and an upload area; `send` sends one piece, `begin` begins a film of the right length."""

    store: Store
    area: UploadArea

    def begin(
        self, holder: Holder = ANA, declared: int = len(FILM), name: str = "phim.mp4", at: datetime = NOW
    ) -> Upload:
        return uploads.begin(self.store, self.area, holder, declared, name, at)

    def send(
        self, upload: Upload, offset: int, data: bytes, *, holder: Holder = ANA, checksum: Checksum | None = None,
        whole: bool = True, at: datetime = NOW,
    ) -> Upload:  # fmt: skip
        piece = upload_pieces.start(self.store, self.area, holder, upload.id, offset, at, checksum)
        try:
            piece.write(data)
            return piece.keep(at, lambda: False, whole=whole)
        finally:
            piece.close()

    def complete(self, holder: Holder = ANA) -> Upload:
        return self.send(self.begin(holder), 0, FILM, holder=holder)

    def kept(self, upload: Upload, holder: Holder = ANA, at: datetime = NOW) -> int:
        return uploads.find(self.store, holder, upload.id, at).kept_bytes

    def files(self) -> set[str]:
        return {path.name for path in self.area.folder.glob("*")}


def small_area(folder: Path) -> UploadArea:
    """An area for films of at most 1 MB."""
    return UploadArea(folder / "uploads", most_bytes=1 << 20, reserve_bytes=1 << 20)
