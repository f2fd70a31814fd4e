import dns.message
import dns.name
import dns.rdatatype
import dns.reversename
import dns.zone

query = dns.message.make_query("www.example.org", dns.rdatatype.A, id=5)
wire = query.to_wire()
print(wire.hex(), dns.message.from_wire(wire).question[0])
zone = dns.zone.from_text("@ 60 IN SOA ns h 1 2 3 4 5\n@ NS ns\nns A 10.0.0.1\nx 5 TXT \"a b\"\n", origin="e.org")
for name, ttl, rdata in sorted(zone.iterate_rdatas(), key=str):
    print(name, ttl, rdata)
print(dns.reversename.from_address("2001:db8::1"), dns.name.from_text("a.b").is_subdomain(dns.name.from_text("b.")))
