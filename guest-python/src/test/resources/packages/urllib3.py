from urllib3 import HTTPHeaderDict, Retry, encode_multipart_formdata
from urllib3.util import Url, parse_url

print(parse_url("https://user:pw@Example.com:8443/p%20a?q=1#f"))
print(Url(scheme="http", host="h", path="x"), parse_url("http://[::1]:80/").host)
print(Retry(total=3, backoff_factor=0.5).increment("GET", "/", error=None).total)
headers = HTTPHeaderDict({"A": "1"})
headers.add("a", "2")
print(headers["A"], list(headers.items()))
print(encode_multipart_formdata({"f": ("n.txt", b"data", "text/plain")}, boundary="xyz"))
