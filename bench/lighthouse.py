"""What does Lighthouse say of the demo's pages? `bench/lighthouse.py [--page NAME] [--with FOLDER] [--runs N]`

Installs Lighthouse from npm into a throwaway folder, or uses one that was installed before, and runs it as on a phone
with slow 4G (its own simulation) against the demo on a free port, with the machine's Chromium. The last line is JSON;
the exit status is 1 when a limit is missed. SEO is left out: the pages ask not to be found.

Lighthouse takes what it waited for the processor, times four, for the phone's slowness: between two runs on the same
machine the time of the largest picture differs by 250 ms. So it runs five times, as its authors advise, and the median
counts; all that was seen stands beside it, and on a busy machine the times mean little. Of the scores the worst counts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bench.demo import Shop, demo  # noqa: E402
from tests.browser import find_browser  # noqa: E402

VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices")
MOST = {"lcp_ms": 1500, "cls": 0.0, "page_css_js_bytes": 40_000, "html_bytes": 12_000}
# Of the staff's pages where they are, for somebody signed in; `customer` is the first order's.
STAFF = {
    "staff": "/staff",
    "order": "/staff/orders/1011",
    "row": "/staff/row?step=packed",
    "me": "/staff/me",
    "table": "/staff/orders",
    "scan": "/staff/scan",
}
LIMITS: dict[str, tuple[int, dict[str, float]]] = {"customer": (99, MOST), **dict.fromkeys(STAFF, (98, {"cls": 0.0}))}
CHROME = "--headless=new --no-sandbox --disable-background-networking --no-first-run"


def main() -> None:
    options = _options()
    pages = list(STAFF) if options.page == "everything" else [options.page]
    with tempfile.TemporaryDirectory() as name, demo() as shop:
        folder = options.folder or Path(name)
        program = folder / "node_modules" / ".bin" / "lighthouse"
        if not program.exists():
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", f"lighthouse@{VERSION}"]
            subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
        results = {}
        for page in pages:
            print(page, file=sys.stderr)
            results[page] = _judged(program, shop, page, Path(name), options)
            if len(pages) > 1:
                print(json.dumps({page: results[page]}), file=sys.stderr)
    print(json.dumps(results if len(pages) > 1 else results[pages[0]]))
    sys.exit(not all(one["within_limits"] for one in results.values()))


def _judged(program: Path, shop: Shop, page: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    url, chrome, report = shop.customer, CHROME, folder / "report.json"
    if page in STAFF:
        chrome += f" --user-data-dir={folder / 'browser'}"
        if not (folder / "browser").exists():
            _sign_in(shop.staff, folder / "browser")
        url = shop.site + STAFF[page]
    runs = [_judge(program, url, report, chrome, desktop=options.desktop) for _ in range(options.runs)]
    for audit in runs[-1]["audits"].values():
        if audit["score"] is not None and audit["score"] < 1:
            print(f"{audit['score']:.2f} {audit['id']}: {audit['title']}", file=sys.stderr)
    return _summary(runs, *LIMITS[page])


def _sign_in(link: str, folder: Path) -> None:
    """The session stays in the browser's folder: of a header the worker would know nothing."""
    with sync_playwright() as playwright:
        arguments = CHROME.split()[1:]
        browser = playwright.chromium.launch_persistent_context(folder, executable_path=find_browser(), args=arguments)
        page = browser.new_page()
        page.goto(link)
        page.get_by_role("button").first.click()
        page.wait_for_url("**/staff")
        page.wait_for_timeout(1000)  # a browser writes its cookies down when it is at leisure
        browser.close()


def _judge(program: Path, url: str, report: Path, chrome: str, *, desktop: bool) -> dict[str, Any]:
    command = [str(program), url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={chrome}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", *(["--preset=desktop"] if desktop else [])]
    environment = {**os.environ, "CHROME_PATH": find_browser()}
    for attempt in range(6):  # now and then the browser's trace lacks its beginning: then Lighthouse says to run again
        if subprocess.run(command, check=attempt == 5, timeout=300, env=environment).returncode == 0:
            break
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _summary(runs: list[dict[str, Any]], least: int, most: dict[str, float]) -> dict[str, Any]:
    found = runs[-1]
    times = sorted(round(one["audits"]["largest-contentful-paint"]["numericValue"]) for one in runs)
    shifts = [round(one["audits"]["cumulative-layout-shift"]["numericValue"], 4) for one in runs]
    requests = found["audits"]["network-requests"]["details"]["items"]
    of_type = {
        kind: sum(one.get("transferSize", 0) for one in requests if one.get("resourceType") == kind)
        for kind in ("Document", "Stylesheet", "Script", "Font", "Image")
    }
    result: dict[str, Any] = {
        name: round(100 * min(one["categories"][name]["score"] for one in runs)) for name in CATEGORIES
    }
    result |= {
        "lcp_ms": round(statistics.median(times)),
        "lcp_runs": times,
        "cls": max(shifts),
        "html_bytes": of_type["Document"],
        "page_css_js_bytes": of_type["Document"] + of_type["Stylesheet"] + of_type["Script"],
        "font_bytes": of_type["Font"],
        "image_bytes": of_type["Image"],
        "total_bytes": sum(one.get("transferSize", 0) for one in requests),
        "lighthouse": found["lighthouseVersion"],
    }
    good = all(result[name] >= least for name in CATEGORIES) and all(result[name] <= top for name, top in most.items())
    return {**result, "limits": {"scores": least, **most}, "within_limits": good}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="What does Lighthouse say of the tracking page, or of the staff's pages?"
    )
    parser.add_argument("--with", dest="folder", type=Path, help="where `npm install lighthouse` was done before")
    parser.add_argument(
        "--page",
        choices=[*LIMITS, "everything"],
        default="customer",
        help="staff: the queue; everything: all of theirs",
    )
    parser.add_argument("--runs", type=int, default=5, choices=range(1, 21), metavar="1..20")
    parser.add_argument("--desktop", action="store_true", help="as at a desk, not on a phone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
