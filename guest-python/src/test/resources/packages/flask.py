from flask import Flask, abort, jsonify, make_response, redirect, render_template_string, request, session

app = Flask("demo")
app.secret_key = "key"


@app.get("/hello/<int:n>")
def hello(n):
    return render_template_string("{{ n }} {{ request.args.get('q') }}", n=n)


@app.route("/json", methods=["POST"])
def json():
    data = request.get_json()
    session["seen"] = data["a"]
    return jsonify(data, more=None) if False else jsonify({"got": data, "form": len(request.form)})


@app.get("/seen")
def seen():
    response = make_response(str(session.get("seen")), 201)
    response.set_cookie("c", "v", httponly=True)
    return response


@app.get("/away")
def away():
    return redirect("/hello/1")


@app.errorhandler(403)
def forbidden(error):
    return f"no: {error.description}", 403


@app.get("/forbidden")
def forbid():
    abort(403, "really")


client = app.test_client()
for method, path, arguments in (("get", "/hello/5?q=%3Cx%3E", {}), ("get", "/hello/x", {}),
                                ("post", "/json", {"json": {"a": [1, "ü"]}}), ("get", "/seen", {}),
                                ("get", "/away", {}), ("get", "/forbidden", {}), ("put", "/json", {})):
    reply = getattr(client, method)(path, **arguments)
    print(reply.status, reply.content_type, reply.headers.get("Location"), reply.get_data(as_text=True)[:200])
