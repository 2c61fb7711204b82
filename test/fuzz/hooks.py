"""Logs in as the owner by the form: a session outlives what the fuzzed calls do to tokens and token settings."""

import os

import requests
import schemathesis


@schemathesis.auth(refresh_interval=20)
class OwnersSession:
    def get(self, case, context):
        answer = requests.post(
            os.environ["ATELIER_URL"] + "user/login/",
            data={"email": os.environ["ATELIER_EMAIL"], "password": os.environ["ATELIER_PASSWORD"]},
            allow_redirects=False,
            timeout=30,
        )
        return answer.cookies["sessionid"]

    def set(self, case, data, context):
        case.cookies = {**(case.cookies or {}), "sessionid": data}
