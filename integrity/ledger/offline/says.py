"""The script's own mouth: reads files and the log, prints the outcome in Chinese and English, ends with its number."""

from __future__ import annotations

import argparse
import base64
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from integrity.ledger.offline.notes import Key, keys_from
from integrity.ledger.offline.receipt import EPSILON, Result, check, seconds_of

EXITS = {
    "included": 0, "forged": 1, "promised": 2, "overdue": 3, "other_log": 4, "changed": 5, "unreadable": 6, "unreachable": 7, "clock": 8,
}  # fmt: skip
BEIJING = 8 * 3600
WORDS = {
    "included": ("真实：凭证未被改动，这条记录已在存证簿中。", "Genuine: unaltered, and the entry is in the log."),
    "forged": ("不真实：凭证被改动过或是伪造的。", "NOT genuine: altered or forged."),
    "promised": ("真实的承诺；出具时尚未进入存证簿，请稍后下载完整凭证。", "A genuine promise, not in the log yet; fetch the full receipt."),
    "overdue": ("真实的承诺，但已超过 60 秒：请下载完整凭证或加 --log 查询；查不到即为违约证据。",
                "A genuine promise, more than 60 seconds old: fetch the full receipt or ask with --log; if it is not there, this file is evidence."),
    "other_log": ("不是您给的密钥所属的存证簿出具的。", "Issued by another log than the keys you gave."),
    "changed": ("凭证真实，但对方的记录后来被改过！您手里的文件就是证据。", "Genuine, but THEIR RECORD WAS CHANGED since! Your file is evidence."),
    "unreadable": ("这不是一份完整的凭证文件。", "This is not a complete receipt."),
    "unreachable": ("连不上存证簿，无法核对现状。", "The log can't be reached."),
    "clock": ("凭证真实，但记录时间与见证单位看到的时间不符。", "Genuine, but its time is outside what witnesses saw."),
}  # fmt: skip
PARTS = {
    "checkpoint": ("存证摘要的签名", "signature of the log's head"), "entry": ("记录内容（时间、事项等）或所在位置", "the entry or its place"),
    "path": ("证明路径", "path"), "payload": ("附带内容", "contents"), "promise": ("即时承诺", "promise"), "bracket": ("时间区间", "time bracket"),
    "witness": ("见证签名", "a witness's signature"), "shorter": ("存证簿变短了", "the log became shorter"),
    "history": ("当时的存证簿不再是今天的开头", "the log then is no beginning of the log now"),
    "tiles": ("存证簿自相矛盾", "the log contradicts itself"),
    "record": ("业务数据库里的这条记录", "the record in the company's own table"), "extra": ("附带内容", "contents"),
}  # fmt: skip


def beijing(seconds: int) -> str:
    """A moment as people in China read it."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds + BEIJING))


def lines_of(result: Result) -> list[str]:
    """The outcome in words, and what is certain."""
    facts, part = result.facts, PARTS.get(result.part, (result.part, result.part))
    said = [
        f"{zh_or_en}{' ' + part[i] if result.part else ''}"
        for i, zh_or_en in enumerate(WORDS[result.outcome])
    ]
    if "at" in facts:
        said.append(f"记录时间 recorded at   {beijing(seconds_of(facts['at']))} (北京时间 Beijing time)")
    if facts.get("claimed"):
        said.append(f"自述发生时间 claimed    {beijing(seconds_of(facts['claimed']))}")
    if "case" in facts:
        said.append(f"工单 case              {facts['case']} #{facts['number']}")
    if "index" in facts:
        said.append(
            f"位置 place in the log  {facts['index']} / {facts['size']}"
            + (f" → {facts['newest']}" if "newest" in facts else "")
        )
    if "before_size" in facts:
        said.append(f"此前的存证摘要 head without it: {facts['before_size']}{_seen(facts['before_seen'])}")
    if "index" in facts:
        said.append(
            f"见证 witnesses         {len(facts['witnesses'])} / {facts['known_witnesses']}{_seen(facts['witnesses'])}"
        )
    return said + _record(facts.get("record"))


def _seen(seen: dict[str, int]) -> str:
    return "".join(f"\n    {name} {beijing(moment)}" for name, moment in sorted(seen.items()))


def _record(record: dict[str, Any] | None) -> list[str]:
    if record is None:
        return []
    if not record.get("known"):
        return ["业务数据库现在没有这条记录！ The company's table no longer knows this entry!"]
    said = [f"业务数据库现在说 their table now says {beijing(seconds_of(record['recorded_at']))}"]
    return said + [f"    不符 differs: {what}" for what in record.get("changed", [])]


def fetcher(base: str) -> Callable[[str], bytes]:
    """Reads paths below an address."""

    def fetch(path: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - main() takes web addresses alone
            f"{base.rstrip('/')}/{path}", headers={"User-Agent": "verify_receipt"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            data: bytes = answer.read(1 << 24)
            return data

    return fetch


def _given(text: str) -> str:
    path = Path(text)
    return path.read_text(encoding="utf-8") if "+" not in text and path.is_file() else text


class Arguments(argparse.ArgumentParser):
    """Wrong arguments end with 64: the small numbers speak of receipts."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong."""
        self.exit(64, f"{self.format_usage()}{message}\n")


def main(argv: list[str] | None = None) -> int:
    """Check what the arguments name; the number to end with."""
    parser = Arguments(description="Verify a Tongdian receipt. 验证通电凭证。")
    parser.add_argument("receipt", type=Path, help="the file you kept 您保存的凭证文件")
    parser.add_argument(
        "--key", required=True, action="append", help="verification keys: text or file 验证密钥：文字或文件"
    )
    parser.add_argument("--log", help="address of the log, to compare with today 存证簿地址，核对现状")
    given = parser.parse_args(argv)
    if given.log and not given.log.startswith(("https://", "http://")):
        parser.error("--log takes an address that begins with https://")
    keys: list[Key] = keys_from("\n".join(_given(text) for text in given.key))
    if not keys:
        parser.error("no verification key in --key 没有读到验证密钥")
    try:
        text = given.receipt.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        text = ""
    result = check(text, keys, time.time(), fetcher(given.log) if given.log else None)
    sys.stdout.write("\n".join(lines_of(result)) + "\n")
    if "leaf" in result.facts:
        code = base64.b32encode(result.facts["leaf"]).decode()[:26]
        sys.stdout.write(
            f"凭证码 code             {'-'.join(code[i : i + 4] for i in range(0, 26, 4))}  (±{EPSILON} s)\n"
        )
    return EXITS[result.outcome]
