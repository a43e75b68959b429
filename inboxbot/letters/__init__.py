"""Word the mails to the owner: the weekly summary, the evening's two questions, brief, farewell.

Summary | week_sheet + config/summary/*.toml | letter.txt.j2, letter.html.j2, letter.css | bytes
"""

from inboxbot.letters.mail import MARK, preview, render, render_html

__all__ = ["MARK", "preview", "render", "render_html"]
