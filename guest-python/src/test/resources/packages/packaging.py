from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

print(sorted(map(Version, ["1.0", "1.0.dev1", "1.0rc1", "1!0", "1.0.post1", "1.0+local"])))
print(list(SpecifierSet(">=1.2,!=1.3,<2").filter(["1.1", "1.2", "1.3", "1.9", "2.0"])))
r = Requirement('x[a,b]>=1; python_version < "3" and os_name == "posix"')
print(r.name, sorted(r.extras), r.specifier, r.marker, r.marker.evaluate())
print(Marker("extra == 'e'").evaluate({"extra": "e"}), canonicalize_name("A_b.C"))
print(parse_wheel_filename("a-1.0-py3-none-any.whl")[:2])
try:
    Requirement("x >=")
except InvalidRequirement as error:
    print(error)
