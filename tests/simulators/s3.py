"""An S3 store that is a real process with a real port: moto's server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.configuration import StorageSettings

__all__ = ["BUCKET", "s3_server", "settings_for"]

BUCKET = "yingbi"
KEYS = 'access_key = "editor"\nsecret_key = "a lantern"\n'


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a fresh, empty store."""
    words = [
        sys.executable,
        "-u",
        "-W",
        "ignore",
        "-m",
        "moto.server",
        "-H",
        "127.0.0.1",
        "-p",
        "0",
    ]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"Running on (http://\S+)", line):
                yield found[1]
                return
        raise AssertionError("the S3 store did not start")
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def settings_for(address: str, folder: Path) -> StorageSettings:
    """What a maintainer would write to use it; the bucket is made."""
    import boto3

    keys = folder / "s3-keys.toml"
    keys.write_text(KEYS)
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="editor",
        aws_secret_access_key="a lantern",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    return StorageSettings(
        kind="s3",
        s3_endpoint=address,
        s3_bucket=BUCKET,
        s3_region="us-east-1",
        s3_credentials_file=keys,
    )
