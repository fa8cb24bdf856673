"""The client of Malipo for Python 3.9 or newer. Standard library only.

    malipo = Malipo("cli_demo", "demo-secret", "http://127.0.0.1:8000")
    checkout = malipo.create_checkout(
        {"amount": 150_000, "currency": "KES", "reference": "order-1001", "phone_number": "0712345678"}
    )

Amounts are cents of KES. Each call that changes something carries an idempotency key, which stays the same when the call
is retried, so nothing is done twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, TypedDict, Union

Json = Dict[str, Any]


class Payment(TypedDict):
    id: str
    receipt: Optional[str]
    amount: int


class Failure(TypedDict):
    code: str
    message: str
    result_code: Optional[str]


class Checkout(TypedDict):
    """`status`: open, pending, succeeded, expired, cancelled or review. Other fields: GET /openapi.json."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str
    attempts: List[Json]
    payment: Optional[Payment]
    last_failure: Optional[Failure]
    hosted_url: str
    expires_at: str
    version: int


class Payout(TypedDict):
    """`status`: awaiting_approval, queued, submitted, in_doubt, succeeded, failed, rejected or cancelled."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str
    receipt: Optional[str]
    needs_person: bool
    version: int


class Event(TypedDict):
    """A webhook. `type` says what `data` is: `checkout.succeeded` has a Checkout."""

    id: str
    type: str
    subject: str
    data: Json
    created_at: str
    timestamp: str


class MalipoError(Exception):
    """Every error of this module. Decide by `code`; after `network_error` repeat with `idempotency_key`."""

    def __init__(self, code: str, message: str, status: int = 0, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.request_id: Optional[str] = details.get("request_id")
        self.errors: List[Json] = details.get("errors") or []
        self.retry_after: Optional[float] = details.get("retry_after")
        self.idempotency_key: Optional[str] = details.get("idempotency_key")


_ENDED_CHECKOUT = {"succeeded", "expired", "cancelled", "review"}
_ENDED_PAYOUT = {"succeeded", "failed", "rejected", "cancelled"}
_TRANSIENT = {429, 502, 503, 504}
_LONGEST_WAIT_S = 20.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Following a redirect would send the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


class Malipo:
    """What is left out is read from MALIPO_CLIENT_ID, MALIPO_CLIENT_SECRET and MALIPO_URL."""

    def __init__(
        self,
        client_id: Optional[str] = None,
        client_secret: Optional[str] = None,
        base_url: Optional[str] = None,
        *,
        timeout: float = 30.0,
        retries: int = 4,
    ) -> None:
        given = {"MALIPO_CLIENT_ID": client_id, "MALIPO_CLIENT_SECRET": client_secret, "MALIPO_URL": base_url}
        settings = {name: value or os.environ.get(name, "") for name, value in given.items()}
        missing = [name for name, value in settings.items() if value == ""]
        if missing:
            raise MalipoError("not_configured", f"give the argument, or set {', '.join(missing)}")
        self._id, self._secret = settings["MALIPO_CLIENT_ID"], settings["MALIPO_CLIENT_SECRET"]
        self._base = settings["MALIPO_URL"].rstrip("/")
        self._timeout, self._retries = timeout, retries
        self._lock = threading.Lock()
        self._token: Optional[str] = None
        self._token_until = 0.0

    def create_checkout(self, body: Mapping[str, Any], *, idempotency_key: Optional[str] = None) -> Checkout:
        return self.call("POST", "/v1/checkouts", body, idempotency_key=idempotency_key)

    def get_checkout(self, checkout_id: str) -> Checkout:
        return self.call("GET", f"/v1/checkouts/{_id(checkout_id)}")

    def prompt_again(self, checkout_id: str, phone_number: str, *, idempotency_key: Optional[str] = None) -> Checkout:
        body = {"phone_number": phone_number}
        return self.call("POST", f"/v1/checkouts/{_id(checkout_id)}/attempts", body, idempotency_key=idempotency_key)

    def cancel_checkout(self, checkout_id: str) -> Checkout:
        return self.call("POST", f"/v1/checkouts/{_id(checkout_id)}/cancel")

    def wait_for_checkout(self, checkout_id: str, timeout: float = 180.0) -> Checkout:
        """Until it has ended, or a prompt was declined and it is open for another. Error: `wait_timed_out`."""
        return self._wait(
            lambda: self.get_checkout(checkout_id),
            lambda it: it["status"] in _ENDED_CHECKOUT or (it["status"] == "open" and len(it["attempts"]) > 0),
            timeout,
        )

    def create_payout(self, body: Mapping[str, Any], *, idempotency_key: str) -> Payout:
        """Store the key before the call: with it you can repeat after a crash, without paying twice."""
        return self.call("POST", "/v1/payouts", body, idempotency_key=idempotency_key)

    def get_payout(self, payout_id: str) -> Payout:
        return self.call("GET", f"/v1/payouts/{_id(payout_id)}")

    def wait_for_payout(self, payout_id: str, timeout: float = 180.0) -> Payout:
        """Until it has ended, awaits approval, or needs a person. Error: `wait_timed_out`."""
        return self._wait(
            lambda: self.get_payout(payout_id),
            lambda it: it["status"] in _ENDED_PAYOUT or it["status"] == "awaiting_approval" or it["needs_person"],
            timeout,
        )

    def list(self, path: str, **query: Any) -> Iterator[Json]:
        """All rows of a list, page after page: `for row in malipo.list("/v1/payments", status="unmatched")`."""
        while True:
            page = self.call("GET", path, query=query)
            yield from page["data"]
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]

    def call(
        self,
        method: str,
        path: str,
        body: Optional[Mapping[str, Any]] = None,
        *,
        query: Optional[Mapping[str, Any]] = None,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        """Any call of the API, with token, key and retries. Errors: MalipoError."""
        key = idempotency_key or (str(uuid.uuid4()) if method == "POST" else None)
        url = self._base + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        for tried in range(self._retries + 1):
            try:
                return self._with_token(method, url, body, key)
            except MalipoError as error:
                transient = error.code in ("network_error", "idempotency_in_progress") or error.status in _TRANSIENT
                if not transient or tried == self._retries or (error.retry_after or 0) > _LONGEST_WAIT_S:
                    raise
                longest = min(_LONGEST_WAIT_S, 0.5 * 2**tried)
                time.sleep(max(error.retry_after or 0, longest * random.uniform(0.5, 1)))
        raise AssertionError("the last try returns or raises")

    def _with_token(self, method: str, url: str, body: Optional[Mapping[str, Any]], key: Optional[str]) -> Any:
        for is_last in (False, True):
            token = self._current_token()
            headers = {"authorization": f"Bearer {token}"}
            if key is not None:
                headers["idempotency-key"] = key
            try:
                return self._send(method, url, None if body is None else json.dumps(body), headers, key)
            except MalipoError as error:
                if error.status != 401 or is_last:
                    raise
                with self._lock:
                    if self._token == token:
                        self._token = None
        raise AssertionError("the second try returns or raises")

    def _current_token(self) -> str:
        with self._lock:
            if self._token is None or time.monotonic() > self._token_until:
                pair = f"{urllib.parse.quote_plus(self._id)}:{urllib.parse.quote_plus(self._secret)}"
                headers = {
                    "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                    "content-type": "application/x-www-form-urlencoded",
                }
                answer = self._send("POST", f"{self._base}/oauth/token", "grant_type=client_credentials", headers, None)
                self._token = str(answer["access_token"])
                self._token_until = time.monotonic() + answer["expires_in"] - 30
            return self._token

    def _send(self, method: str, url: str, text: Optional[str], headers: Dict[str, str], key: Optional[str]) -> Any:
        all_headers = {"accept": "application/json", "content-type": "application/json", **headers}
        data = None if text is None else text.encode()
        request = urllib.request.Request(url, data, all_headers, method=method)
        try:
            with _opener.open(request, timeout=self._timeout) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise _error_of(error, key) from None
        except (OSError, ValueError) as error:
            path = urllib.parse.urlsplit(url).path
            raise MalipoError("network_error", f"{method} {path}: {error}", idempotency_key=key) from error

    def _wait(self, look: Any, is_over: Any, timeout: float) -> Any:
        deadline, pause = time.monotonic() + timeout, 0.5
        while True:
            seen = look()
            if is_over(seen):
                return seen
            if time.monotonic() > deadline:
                raise MalipoError("wait_timed_out", f"{seen['id']} is still {seen['status']}. Money may still move.")
            time.sleep(pause)
            pause = min(pause * 1.4, 10.0)


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secrets: Union[str, Sequence[str]], *, tolerance: float = 300.0
) -> Event:
    """Verifies and reads a delivery. Give the body as it came. Handle each `id` once. Error: `signature_invalid`."""
    found = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    if not re.fullmatch(r"\d{1,12}", stamp) or abs(time.time() - int(stamp)) > tolerance:
        raise MalipoError("signature_invalid", "webhook-timestamp is missing or too far from now")
    content = f"{message_id}.{stamp}.".encode() + body
    given = [part[3:] for part in found.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        key = base64.b64decode(secret[6:] if secret.startswith("whsec_") else secret)
        if not key:
            raise ValueError("a webhook secret is whsec_ and base64")  # with no key anybody could sign
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in given):
            return json.loads(body)
    raise MalipoError("signature_invalid", "no webhook-signature fits: check the secret and that the body is unchanged")


def _id(text: str) -> str:
    if not re.fullmatch(r"\w{1,64}", text):
        raise ValueError(f"{text!r} is not an id")
    return text


def _error_of(error: urllib.error.HTTPError, key: Optional[str]) -> MalipoError:
    try:
        body = json.loads(error.read())
    except (OSError, ValueError):
        body = {}
    fields: Json = body if isinstance(body, dict) else {}
    wait = error.headers.get("retry-after", "")
    return MalipoError(
        fields.get("code") or fields.get("error") or "unexpected_answer",
        fields.get("detail") or fields.get("error_description") or f"HTTP {error.code}",
        error.code,
        request_id=fields.get("request_id"),
        errors=fields.get("errors"),
        retry_after=float(wait) if wait.isdigit() else None,
        idempotency_key=key,
    )
