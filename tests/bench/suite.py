"""Every bench there is. A new one is a module with `run(folder, size)` and a line here."""

from tests.bench import draft, exchange_accept, idle, imports, mail, occupations, pages, poll, roster, suggest
from tests.bench.registry import Bench

BENCHES = (
    Bench(name="exchange", run=exchange_accept.run),
    Bench(name="mail", run=mail.run),
    Bench(name="roster", run=roster.run),
    Bench(name="idle", run=idle.run),
    Bench(name="poll", run=poll.run),
    Bench(name="draft", run=draft.run),
    Bench(name="pages", run=pages.run),
    Bench(name="import", run=imports.run),
    Bench(name="occupations", run=occupations.run),
    Bench(name="suggest", run=suggest.run),
)
