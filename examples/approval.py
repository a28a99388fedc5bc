#!/usr/bin/env python3
"""An agent in Python that asks the policy, and where that wants one a person, before it acts. Standard library only, Python 3.9 or later.

    set -a; . ./.env; set +a            # WORKER_SECRET, as npm start made it
    python3 examples/approval.py order-1001

The argument names the work: started again with the same one (after a crash, say) the agent finds the approval that it
asked for before, and never acts twice. Copy what you need; docs/approvals.md explains every step.
"""

import hashlib
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

ANSWER_SECONDS = 5  # the plane itself says no within 2
WAIT_SECONDS = 45  # many proxies cut a silent connection at 60
PATIENCE_SECONDS = 60  # long enough for a restart of the plane


class Refused(Exception):
    """The plane said no: `status` and `problem` (RFC 9457) say why."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('detail', '')}")
        self.status = status
        self.problem = problem


class NotApproved(Exception):
    """There is no permission to act: denied by the policy, rejected, expired, cancelled, lapsed, or used before."""


class OutcomeUnknown(NotApproved):
    """The permission was used before and nobody knows what became of it: look before doing anything."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The secret goes to the plane and nowhere else."""

    def redirect_request(self, *_):
        return None


class Plane:
    def __init__(self, url, secret, agent_id):
        self.url = url.rstrip("/")
        self.agent_id = agent_id
        self.headers = {"Authorization": f"Bearer {secret}", "X-Agent-Id": agent_id}
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)

    def guard(self, action, details, work_id, run):
        """Asks, waits if need be, runs `run(details, grant_id)` at most once, reports how it ended."""
        decision = self.ask(action, details, work_id)
        if decision["effect"] == "deny":
            raise NotApproved(f"the policy denies it ({decision['rule']})")
        if decision.get("repeated"):
            raise begun_before(decision["outcome"])
        if decision["effect"] == "allow":
            grant_id = decision["grant_id"]
            outcome_path = f"/v1/guard/{grant_id}/outcome"
        elif decision["effect"] == "require_approval":
            approval = self.wait(decision["approval"])
            if approval["status"] != "approved" or approval["lapsed_at"]:
                raise NotApproved("lapsed" if approval["lapsed_at"] else approval["status"])
            grant_id = self.redeem(approval["id"], action, details)
            outcome_path = f"/v1/approvals/{approval['id']}/outcome"
        else:
            raise NotApproved("the answer is not understood")
        try:
            result = run(details, grant_id)
        except Exception:
            self.report(outcome_path, "failed")
            raise
        self.report(outcome_path, "succeeded")
        return result

    def ask(self, action, details, work_id):
        """The same work of the same agent is one question, however often it is asked."""
        work = json.dumps([self.agent_id, action, details, work_id], sort_keys=True, allow_nan=False)
        key = "work-" + hashlib.sha256(work.encode()).hexdigest()
        body = {"action": action, "details": details, "request_approval": True, "once": True}
        return self.call("POST", "/v1/guard", body, {"Idempotency-Key": key})

    def wait(self, approval):
        while approval["status"] == "pending":
            path = f"/v1/approvals/{approval['id']}"
            approval = self.call("GET", path, None, {"Prefer": f"wait={WAIT_SECONDS}"}, WAIT_SECONDS)
        return approval

    def redeem(self, approval_id, action, details):
        """The right to act, once, on exactly what the person saw."""
        path = f"/v1/approvals/{approval_id}"
        try:
            return self.call("POST", f"{path}/redeem", {"action": action, "details": details})["grant_id"]
        except Refused as refused:
            if refused.status not in (409, 410):
                raise
            now = self.call("GET", path)
            if now["redeemed_at"]:
                raise begun_before(now["outcome"]) from refused
            raise NotApproved("lapsed" if now["lapsed_at"] else now["status"]) from refused

    def report(self, path, status):
        """What happened has happened: that it could not be reported must not hide it."""
        try:
            self.call("POST", path, {"status": status})
        except Exception as error:
            print(f"the outcome ({status}) could not be reported at {path}: {error}", file=sys.stderr)

    def call(self, method, path, body=None, headers=None, wait=0):
        """One call, tried again while the plane does not answer; every call here is safe to repeat."""
        data = None if body is None else json.dumps(body, allow_nan=False).encode()
        given_up = None
        pause = 0.2
        while True:
            request = urllib.request.Request(
                self.url + path,
                data,
                {**self.headers, "Content-Type": "application/json", **(headers or {})},
                method=method,
            )
            try:
                with self.opener.open(request, timeout=wait + ANSWER_SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 429 and error.code < 500:
                    raise Refused(error.code, read_problem(error)) from None
                failure, after = error, error.headers.get("Retry-After", "")
            except (OSError, http.client.HTTPException, ValueError) as error:  # no answer, or not JSON
                failure, after = error, ""
            pause = max(min(pause * 2, 5), float(after) if after.isdigit() else 0)
            given_up = given_up or time.monotonic() + PATIENCE_SECONDS
            if time.monotonic() + pause > given_up:
                raise failure
            time.sleep(pause)


def begun_before(outcome):
    if outcome in ("succeeded", "failed"):
        return NotApproved(f"done before ({outcome}); other work needs another name")
    return OutcomeUnknown("begun before, outcome not known")


def read_problem(error):
    try:
        problem = json.load(error)
        return problem if isinstance(problem, dict) else {}
    except ValueError:
        return {}


def main():
    secret = os.environ.get("WORKER_SECRET")
    if not secret or len(sys.argv) != 2:
        sys.exit("usage: WORKER_SECRET=... python3 examples/approval.py <name of the work>")
    url = os.environ.get("ACTP_URL", "http://127.0.0.1:8787")
    plane = Plane(url, secret, "python-agent")
    details = {"to": "ada@example.com", "subject": "Your order", "text": "It is on its way."}

    def send(shown, grant_id):
        # Whatever really sends should get grant_id as its own idempotency key.
        return f"sent to {shown['to']} under grant {grant_id}"

    print("waiting for a person ...", flush=True)
    try:
        print(plane.guard("email.send", details, sys.argv[1], send))
    except (NotApproved, Refused) as no:
        sys.exit(f"not sent: {no}")
    except (OSError, http.client.HTTPException, ValueError):
        sys.exit(f"not sent: no plane answers at {url}")


if __name__ == "__main__":
    main()
