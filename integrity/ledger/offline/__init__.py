"""Verifying a receipt without trusting whoever issued it: plain Python's own library, no import from the product.

The public page uses these modules; `bundle()` joins them into the one file that people download, so both can never disagree.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

MODULES = ("curve", "tree", "notes", "receipt", "says")
TOP = '''#!/usr/bin/env python3
"""Verify a receipt of Tongdian (通电) on your own machine: one file, Python 3.9 or later, nothing to install.
在您自己的电脑上验证通电凭证：一个文件，Python 3.9 以上，不用安装任何东西，不用联网。

    python3 verify_receipt.py RECEIPT --key KEYS [--log https://…/ledger]

RECEIPT  the file you kept (.tlog-proof, or the promise .txt)  您保存的凭证文件
KEYS     a file or text with the log's verification keys, from the public page, the notice in the hall, or anybody you trust more
         验证密钥：网页、营业厅公示或您更信任的人给的文件或文字
--log    also ask the log as it is today: is the entry still in it, is the log then a beginning of the log now, and what does the
         company's own table say about it  再核对存证簿现状：记录还在不在、历史有没有被改、业务数据库现在怎么说

Ends with: 0 genuine and in the log 真实且已存证 · 1 forged or altered 伪造或被改 · 2 a promise, not in the log yet 承诺，尚未入簿 ·
3 a promise overdue 承诺逾期 · 4 another log 另一存证簿 · 5 the log or the record was changed since 对方记录后来被改 ·
6 no receipt 不是凭证 · 7 log can't be reached 连不上 · 8 time outside what witnesses saw 时间不符
Formats: c2sp.org signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-tiles; RFC 9162; RFC 8032.
"""
'''
BOTTOM = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


@cache
def bundle() -> str:
    """The one file: our modules in order, their imports of Python's own library on top, their imports of each other left out."""
    imports: set[str] = set()
    bodies = []
    for name in MODULES:
        text = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        lines = text.splitlines()
        first = 0
        for node in ast.parse(text).body:
            if isinstance(node, ast.ImportFrom | ast.Import):
                if not (
                    isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith(("integrity", "__future__"))
                ):
                    imports.add(ast.unparse(node))
            elif not isinstance(node, ast.Expr):
                break
            first = node.end_lineno or first
        bodies.append("\n".join(lines[first:]).strip())
    head = "from __future__ import annotations\n\n" + "\n".join(sorted(imports))
    return TOP + head + "\n\n" + "\n\n\n".join(bodies) + BOTTOM
