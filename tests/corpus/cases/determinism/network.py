import smtplib
import urllib.request
from urllib.parse import urlencode

import httpx
import requests

from dbos_typed import DBOS


@DBOS.step()
def fetch(url: str) -> str:
    return requests.get(url, timeout=5).text


@DBOS.workflow()
def crawl(url: str) -> int:
    query = urlencode({"q": url})
    page = fetch(url + query)
    again = requests.get(url, timeout=5)  # E: dbos-deterministic
    third = httpx.post(url, json={})  # E: dbos-deterministic
    with urllib.request.urlopen(url) as response:  # E: dbos-deterministic
        print(response)
    with smtplib.SMTP("localhost") as smtp:  # E: dbos-deterministic
        smtp.sendmail("a", "b", "c")
    return len(page) + again.status_code + third.status_code
