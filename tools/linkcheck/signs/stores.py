"""Object stores: where nobody may list a bucket, a file that is gone looks like a forbidden one."""

import re

from tools.linkcheck.answer import Answer

# S3, Google and Aliyun answer in one XML, and S3's web sites in a list of `Code: AccessDenied`.
_GONE = re.compile(
    r"<Error>[\s\S]{0,300}?<Code>\s*(AccessDenied|AllAccessDisabled|NoSuchKey|NoSuchBucket|"
    r"UserDisable|AccountProblem|InvalidObjectState|PublicAccessNotPermitted)\s*</Code>|"
    r"<li>Code: (AccessDenied|NoSuchKey|NoSuchBucket)</li>"
)
# These refuse who asks: with another Referer, or from another network, the file may be there.
_REFUSES_WHO_ASKS = re.compile(r"referer|source ip|ip address", re.IGNORECASE)
_WITHIN = 4000


def missing_in_store(answer: Answer) -> str:
    """The code by which an object store says that there is no such file for anybody, or nothing.

    A 404 needs no reading.
    """
    if answer.status != 403:
        return ""
    text = answer.body[:_WITHIN].decode("utf-8", "replace")
    match = _GONE.search(text)
    if not match or _REFUSES_WHO_ASKS.search(text):
        return ""
    return match[1] or match[2]
