from decimal import Decimal

import httpx


class PaymentError(Exception):
    """The provider refused."""


def charge(order_id: str, amount: Decimal, key: str) -> str:
    with httpx.Client(timeout=10) as client:
        response = client.post("https://pay/charges", json={"order": order_id, "amount": str(amount), "key": key})
    if response.status_code >= 400:
        raise PaymentError(response.text)
    return str(response.json()["id"])


def refund(payment: str) -> None:
    httpx.post(f"https://pay/charges/{payment}/refund").raise_for_status()
