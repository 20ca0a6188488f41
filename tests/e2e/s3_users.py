"""Users of MinIO with policies of their own."""
import json
import uuid
from dataclasses import replace

from minio import MinioAdmin
from minio.credentials import StaticProvider


class User:
    """Somebody with a policy of their own on the server."""

    def __init__(self, server, folder, *statements: dict):
        host, port = server.address
        owner = StaticProvider(server.access.key, server.access.secret)
        admin = MinioAdmin(endpoint=f"{host}:{port}", credentials=owner, secure=False)
        self.access = replace(server.access, key=f"user{uuid.uuid4().hex[:8]}", secret=uuid.uuid4().hex)
        policy = folder / f"{self.access.key}.json"
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
        admin.user_add(self.access.key, self.access.secret)
        admin.policy_add(self.access.key, str(policy))
        admin.policy_set(self.access.key, user=self.access.key)

    def environment(self) -> dict:
        return {"AWS_ACCESS_KEY_ID": self.access.key, "AWS_SECRET_ACCESS_KEY": self.access.secret}


ALLOW_ALL = {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}


def denial(*actions: str) -> dict:
    return {"Effect": "Deny", "Action": list(actions), "Resource": ["arn:aws:s3:::*"]}
