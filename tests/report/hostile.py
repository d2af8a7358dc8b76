"""Takes nothing, gives texts that strangers may write into a register, a review or a proposal."""

from __future__ import annotations

from typing import Final

CONTROL: Final = (
    "\x00", "a\x07b", "\x1b[31mred", "\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "\x85", "\x7f", "\b\b\b", "\rgone",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "a\x0bb\x0cc", "\x1bP$q\x1b\\", "\u2028", "\u2029",
)  # fmt: skip
UNSEEN: Final = (
    "\u202eevil", "\u2066a\u2069", "\u200e", "\u061c", "a\u200bb", "a\u200cb", "a\u200db", "\u2060", "\ufeff",
    "\u00ad", "\u180e", "\u3164", "\u115f", "\u2800", "\u034f", "\U000e0041\U000e0042", "\ud800", "\udfff x",
    "\u206a", "\uffa0",
)  # fmt: skip
MARKUP: Final = (
    "[red]x[/red]", "[bold", "[/]", "[link=http://evil.example]x[/link]", "[@click=app.quit]x[/]", "\\[red]",
    "[[x]]", ":warning:", "[#ff0000]x", "{x}", "%s %(x)s", "[conceal]x[/]",
)  # fmt: skip
COMMANDS: Final = (
    "::error::x", "  ::set-output name=a::b", "\n::stop-commands::t", "a\r\n::add-mask::x", "##[error]x",
    "x ##[group]y", "::", ":::error::x", "%0A::error::x", "\t::debug::x",
)  # fmt: skip
MARKDOWN: Final = (
    "a|b", "|", "\\|", "`code`", "```\ncode\n```", "``", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "<!-- x", "<b>x</b>", "&lt;b&gt;", "&#60;", "[x](http://evil.example)", "![x](http://evil.example/a.png)",
    "[x]: http://e.example", "<http://evil.example>", "http://evil.example", "https://evil.example/?a=b",
    "www.evil.example", "me@evil.example", "@octocat", "hello @org/team", "#1", "org/repo#12", "GH-12", "*a*",
    "**a**", "_a_", "__a__", "~~a~~", "# heading", "## h", "- item", "+ item", "1. item", "12) item", "> quote",
    "---", "===", "    indented", "a  \nb", "a\n\nb", "$x$", "$$x$$", "[^1]", "- [ ] task", "\\", "\\\\", "a\\",
    "*", "&amp;", "<details>", "mailto:a@b.example",
)  # fmt: skip
FORMULAS: Final = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "  @x", "=",
    "+", "-", "@", "==1", "-cmd", "+cmd", '="x"', '=HYPERLINK("http://e.example","x")', "\uff1d1+1", "\uff0b1",
    "\uff0d1+x", "\uff20x", "\u00a0=1", "|x", "+44 20 7946", "-2+3+cmd", "=\n1", "=1,2", "=1;2", "-", "--1", "=-1",
    "+-1", "@@", "=A1:B2", "=IMPORTXML(1)", "-A1", "+A1", "@A1", "1e5=x", "\x0b=1", "=DDE(1)", '="a"&B1', "\t",
    "\t@x", "-'", "=#REF!", "=1%", "+1.5.2", "-1-", "- 1", "+ 1",
)  # fmt: skip
PLAIN: Final = (
    "", "Risk", "Zu\u0308rich", "\u65e5\u672c\u8a9e", "RISK-031", "a -> b", "5 < 6", "100 %", "a, b; c", 'say "x"',
    "it's", "caf\u00e9", "R&D", "a_b", "2024-02-15 03:00+01:00", "\u26a0\ufe0f", "\U0001f600", "std::vector",
    "x" * 500,
)  # fmt: skip
ALL: Final = tuple(dict.fromkeys(CONTROL + UNSEEN + MARKUP + COMMANDS + MARKDOWN + FORMULAS + PLAIN))
