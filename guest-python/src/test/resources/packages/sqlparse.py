import sqlparse

sql = "select a, count(*) as n from t join u on t.id=u.id where a in (1,2) group by a; insert into t values('x;y')"
for statement in sqlparse.split(sql):
    print(sqlparse.format(statement, reindent=True, keyword_case="upper"))
print(sqlparse.parse(sql)[0].get_type(), [str(t.ttype) for t in sqlparse.parse("select 1")[0].tokens])
