"""A small OpenID Connect provider on loopback: discovery, authorization code with PKCE, signed tokens, userinfo."""

import base64
import hashlib
import json
import secrets
import threading
import time
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "balise", "a secret between two servers"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class IdentityProvider:
    """`person` is who signs in there; `asked` are the paths that were asked."""

    def __init__(self) -> None:
        self.person = {"sub": "1", "email": "nobody@example.org", "email_verified": True, "name": "Told by the school"}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes, self.tokens, self.asked = {}, {}, []
        self.moved = ""  # a path that leads to another
        self.server = make_server("127.0.0.1", 0, self.answer, handler_class=_Quiet)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(path)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        given = {key: values[0] for key, values in parse_qs(body or environ["QUERY_STRING"]).items()}
        answers = {
            "/.well-known/openid-configuration": self._discovery,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": lambda given: self._userinfo(environ.get("HTTP_AUTHORIZATION", "")),
            "/keys": self._keys,
        }
        if path == self.moved:
            start_response("302 Found", [("Location", f"{self.issuer}/inside")])
            return [b""]
        status, headers, content = answers[path](given)
        start_response(status, [("Content-Type", "application/json"), *headers])
        return [json.dumps(content).encode()]

    def _discovery(self, given):
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return "200 OK", [], {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **{key: f"{self.issuer}/{path}" for key, path in names.items()},
        }  # fmt: skip

    def _authorize(self, given):
        """As after the person typed a password there."""
        if given["client_id"] != CLIENT_ID or given["code_challenge_method"] != "S256":
            return "400 Bad Request", [], {"error": "invalid_request"}
        code = secrets.token_urlsafe()
        self.codes[code] = given
        target = f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
        return "302 Found", [("Location", target)], {}

    def _token(self, given):
        asked = self.codes.pop(given["code"], None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = asked and given["client_secret"] == CLIENT_SECRET and challenge == asked["code_challenge"]
        if not good or given["redirect_uri"] != asked["redirect_uri"]:
            return "400 Bad Request", [], {"error": "invalid_grant"}
        now, token = int(time.time()), secrets.token_urlsafe()
        self.tokens[token] = dict(self.person)
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **self.person}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return "200 OK", [], {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def _userinfo(self, authorization):
        person = self.tokens.get(authorization.removeprefix("Bearer "))
        return ("200 OK", [], person) if person else ("401 Unauthorized", [], {})

    def _keys(self, given):
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return "200 OK", [], {"keys": [key | {"kid": "1", "alg": "RS256"}]}
