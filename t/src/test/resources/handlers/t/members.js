// Whose methods count: own ones and those of its classes.
class Base {
  inherited() {
    return "inherited";
  }
}

class Demo extends Base {
  constructor() {
    super();
    this.field = "no function";
    this.own = () => "own";
  }

  member() {
    return "member of " + this.constructor.name;
  }
}

exports.init = () => new Demo();
