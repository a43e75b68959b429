"""Word the weekly summary and make a mail of it.

Summary | sheet_of + config/summary/*.toml | summary.txt.j2, summary.html.j2 | bytes
"""

from inboxbot.letters.mail import preview, render, render_html

__all__ = ["preview", "render", "render_html"]
