/* A model as a notebook has one, and a page of the widget in it: for tests. */
const model = (() => {
  const values = JSON.parse(document.getElementById("values").textContent);
  const acts = new Map();
  const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  return {
    values, saved: 0,
    get: (name) => values[name],
    on: (name, act) => acts.set(name, [...(acts.get(name) || []), act]),
    off: (name, act) => acts.set(name, acts.get(name).filter((each) => each !== act)),
    set(name, value) {
      if (equal(values[name], value) && !(name === "_places")) return;
      values[name] = value;
      for (const act of acts.get(`change:${name}`) || []) act();
    },
    save_changes() {
      this.saved += 1;
    },
  };
})();
const told = [];
addEventListener("message", ({ data }) => told.push(data));
const until = (test) => new Promise((done, fail) => {
  const last = performance.now() + 20000;
  const look = () => (test() ? done(1) : performance.now() > last ? fail(new Error(`${test}`)) : setTimeout(look, 20));
  look();
});
Object.assign(window, { model, told, until, close: widget.render({ model, el: document.body }) });
