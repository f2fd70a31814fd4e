from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.formparser import parse_form_data
from werkzeug.http import dump_cookie, http_date, parse_accept_header, parse_options_header
from werkzeug.routing import Map, Rule
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import EnvironBuilder

urls = Map([Rule("/<lang>/<int:page>", endpoint="page"), Rule("/", endpoint="home")]).bind("x.org")
print(urls.match("/en/3"), urls.build("page", {"lang": "de", "page": 4}))
try:
    urls.match("/en/x")
except NotFound as error:
    print(error)
environ = EnvironBuilder(method="POST", data={"a": ["1", "2"], "f": (__import__("io").BytesIO(b"data"), "n.txt")}).get_environ()
_, form, files = parse_form_data(environ)
print(form.to_dict(flat=False), files["f"].filename, files["f"].read())
print(parse_options_header('form-data; name="a b"; filename*=UTF-8\'\'%c3%bc'), http_date(0))
print(dump_cookie("k", "v;w", secure=True), Headers([("A", "b")]).get("a"))
print(MultiDict([("a", 1), ("a", 2)]).getlist("a"), str(parse_accept_header("a;q=0.5, b")))
hashed = generate_password_hash("secret", method="pbkdf2:sha256:1000")
print(check_password_hash(hashed, "secret"), check_password_hash(hashed, "other"))
